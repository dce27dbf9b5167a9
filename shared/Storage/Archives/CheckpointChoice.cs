namespace MaeLab.Storage.Archives;

/// <summary>Which checkpoints an archive holds: they are nearly all of its size.</summary>
public enum CheckpointChoice
{
    None,

    /// <summary>Those at the end of training.</summary>
    Final,
    All,
}
