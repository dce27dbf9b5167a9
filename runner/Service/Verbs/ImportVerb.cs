using System.CommandLine;
using MaeLab.Engine.Data;
using MaeLab.Engine.Interchange;
using MaeLab.Engine.Training;

namespace MaeLab.Runner.Verbs;

/// <summary><c>import FILE --recipe RECIPE.json --out CHECKPOINT</c>: a checkpoint at step 0 with others' weights, for <c>train --resume</c>.</summary>
internal sealed class ImportVerb : Command
{
    private readonly Argument<FileInfo> _file = new Argument<FileInfo>("FILE")
    {
        Description = "fp32 safetensors with the names of the public MAE checkpoints or of Hugging Face's ViT-MAE, with the decoder or without.",
    }.AcceptExistingOnly();

    private readonly Option<FileInfo> _recipe = new Option<FileInfo>("--recipe")
    {
        Description = "The recipe to train on; its model must have the file's shapes.",
        Required = true,
        HelpName = "RECIPE.json",
    }.AcceptExistingOnly();

    private readonly Option<FileInfo> _out = new("--out") { Description = "The checkpoint to write.", Required = true, HelpName = "CHECKPOINT" };

    private readonly DataFolders _data = new();

    public ImportVerb()
        : base("import", "Make a checkpoint out of weights from elsewhere, to go on from with train --resume.")
    {
        Add(_file);
        Add(_recipe);
        Add(_out);
        Add(_data);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var folders = _data.Read(arguments);
        if (!folders.IsValid)
        {
            return Failure.Say(arguments, folders.Errors);
        }

        var source = arguments.GetRequiredValue(_file);
        var path = arguments.GetRequiredValue(_out).FullName;
        try
        {
            var locator = new DatasetLocator(folders.Value);
            var recipe = RecipeFile.Read(arguments.GetRequiredValue(_recipe).FullName, locator.Catalog());
            if (!recipe.IsValid)
            {
                return Failure.Say(arguments, recipe.Errors);
            }

            using var dataset = locator.Open(recipe.Value.Dataset.Name, recipe.Value.Dataset.Limit);
            using var file = source.OpenRead();
            WholeFile.Write(path, checkpoint =>
            {
                var result = Import.Run(file, recipe.Value, dataset, checkpoint);
                Console.WriteLine($"{result.Tensors} tensors by {result.Scheme} names{(result.EncoderOnly ? ", encoder only; the decoder is the seed's" : "")}");
            });
            Console.WriteLine($"Go on with train --resume {path}");
            return 0;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException or TrainingFailedException)
        {
            return Failure.Say(arguments, $"{source.Name}: {failure.Message}");
        }
    }
}
