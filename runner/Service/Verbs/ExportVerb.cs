using System.CommandLine;
using MaeLab.Engine.Interchange;

namespace MaeLab.Runner.Verbs;

/// <summary><c>export CHECKPOINT --out FILE</c>: weights for PyTorch or for Hugging Face's transformers.</summary>
internal sealed class ExportVerb : Command
{
    private readonly Argument<FileInfo> _checkpoint = new Argument<FileInfo>("CHECKPOINT") { Description = "A checkpoint of a run." }.AcceptExistingOnly();

    private readonly Option<FileInfo> _out = new("--out") { Description = "The safetensors file to write.", Required = true, HelpName = "FILE" };

    private readonly Option<NameScheme> _names = new("--names") { Description = "Whose names: the public MAE checkpoints' or Hugging Face's.", HelpName = "mae|hf" };

    private readonly Option<bool> _encoderOnly = new("--encoder-only") { Description = "Leave the decoder out." };

    public ExportVerb()
        : base("export", "Write a checkpoint's weights for other programs, fp32, without the optimizer's state.")
    {
        Add(_checkpoint);
        Add(_out);
        Add(_names);
        Add(_encoderOnly);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var source = arguments.GetRequiredValue(_checkpoint);
        var path = arguments.GetRequiredValue(_out).FullName;
        try
        {
            using var checkpoint = source.OpenRead();
            WholeFile.Write(path, target =>
            {
                var tensors = Export.Run(checkpoint, target, arguments.GetValue(_names), arguments.GetValue(_encoderOnly));
                Console.WriteLine($"{tensors} tensors to {path}");
            });
            return 0;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Failure.Say(arguments, $"{source.Name}: {failure.Message}");
        }
    }
}
