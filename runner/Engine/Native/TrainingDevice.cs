using TorchSharp;

namespace MaeLab.Engine.Native;

/// <summary>What recipes of device <c>auto</c> are trained on here.</summary>
public static class TrainingDevice
{
    /// <returns><c>cuda:0</c> or <c>cpu</c>.</returns>
    public static string Detect()
    {
        NativeThreads.Prepare();
        return torch.cuda.is_available() ? "cuda:0" : "cpu";
    }
}
