namespace MaeLab.Engine.Interchange;

/// <summary>Whose names the tensors of an exchanged file bear.</summary>
public enum NameScheme
{
    /// <summary>The public MAE checkpoints', which are also the engine's own.</summary>
    Mae,

    /// <summary>Those of ViTMAEForPreTraining in Hugging Face's transformers.</summary>
    Hf,
}
