using System.CommandLine;
using System.Globalization;
using MaeLab.Engine.Training;

namespace MaeLab.Runner.Verbs;

/// <summary><c>verify FILE...</c>: how far the engine is from another implementation of MAE.</summary>
internal sealed class VerifyVerb : Command
{
    private const int PastTolerance = 1;
    private const int Unreadable = 2;

    private readonly Argument<FileInfo[]> _files = new("FILE")
    {
        Description = "Reference files: weights, inputs and what another implementation made of them.",
        Arity = ArgumentArity.OneOrMore,
    };

    public VerifyVerb()
        : base("verify", "Compute what reference files record, and print the largest absolute differences; exit 1 past a tolerance, 2 for a file that cannot be read.")
    {
        Add(_files);
        SetAction(arguments => arguments.GetRequiredValue(_files).Max(file => Check(file, arguments)));
    }

    private static int Check(FileInfo file, ParseResult arguments)
    {
        try
        {
            using var stream = file.OpenRead();
            var deviations = Verify.Run(stream);
            Console.WriteLine(file.Name);
            Print("quantity", "difference", "tolerance", "");
            foreach (var deviation in deviations)
            {
                Print(deviation.Quantity, Number(deviation.Difference), Number(deviation.Tolerance), deviation.IsWithin ? "" : "PAST TOLERANCE");
            }

            return deviations.All(deviation => deviation.IsWithin) ? 0 : PastTolerance;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Failure.Say(arguments, $"{file.Name}: {failure.Message}");
            return Unreadable;
        }
    }

    private static void Print(string quantity, string difference, string tolerance, string verdict) =>
        Console.WriteLine($"  {quantity,-18} {difference,12} {tolerance,12} {verdict}".TrimEnd());

    private static string Number(double value) => value.ToString("0.0e+00", CultureInfo.InvariantCulture);
}
