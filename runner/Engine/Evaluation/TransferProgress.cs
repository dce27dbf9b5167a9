using System.Text.Json;
using System.Text.Json.Serialization;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// What the evaluations that train have given so far, and where the one under way stands. Saved after each of their epochs as a
/// safetensors file, it lets a later attempt go on as if there had been no stop. That attempt begins at the run's last step again, and so
/// all points of the earlier one past that step are void: what was given is given again.
/// </summary>
internal sealed class TransferProgress : IDisposable
{
    private const string Version = "maelab.evaluation";
    private const string CurrentVersion = "1";
    private const string RecipeEntry = "recipe";
    private const string Weights = "weights_sha256";
    private const string JournalEntry = "journal";

    // A loss may be no number.
    private static readonly JsonSerializerOptions s_json = new(JsonDefaults.Options) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly Recipe _recipe;
    private readonly string _weights;
    private readonly ITrainingSink _sink;
    private Journal _journal;
    private Stream? _saved;
    private SafetensorsReader? _tensors;

    /// <param name="parameters">The run's, which all evaluations start from: a state of others is none of theirs.</param>
    /// <param name="step">The run's last step.</param>
    /// <param name="state">Opens a saved state to go on from.</param>
    public TransferProgress(Recipe recipe, ParameterStore parameters, long step, ITrainingSink sink, Func<Stream>? state)
    {
        (_recipe, _weights, _sink) = (recipe, Checkpoint.Sha256(parameters), sink);
        _journal = new(step, 0, [], [], [], null, 0);
        if (state is not null)
        {
            Open(state());
        }
    }

    public void Record(MetricPoint point)
    {
        _journal.Points.Add(point);
        _sink.Record(point);
    }

    public void Log(LogSeverity severity, string text) => _sink.Log(severity, text);

    /// <param name="series">The accuracy that an evaluation gives, by which it is known here.</param>
    public bool IsOver(string series) => _journal.Over.Contains(series);

    /// <returns>Null where there is none: it diverged, or is not over.</returns>
    public double? Accuracy(string series) => _journal.Results.Find(result => result.Probe == series)?.Value;

    /// <summary>Reads the tensors of the evaluation that was under way.</summary>
    /// <returns>Epochs that it has behind it; 0: it begins, and no tensor was touched.</returns>
    /// <exception cref="TrainingFailedException">They are damaged.</exception>
    public int Restore(string series, IEnumerable<TensorSlot> tensors)
    {
        if (_journal.Running != series || _tensors is null)
        {
            return 0;
        }

        try
        {
            TensorSlot.ReadAll(_tensors, [.. tensors]);
        }
        catch (InvalidDataException problem)
        {
            throw new TrainingFailedException(ReasonCode.BadData, $"The saved state of {series} is damaged: {problem.Message}", problem);
        }

        Close();
        Log(LogSeverity.Info, $"{series} goes on after its epoch {_journal.Epochs}.");
        return _journal.Epochs;
    }

    /// <param name="epochs">Epochs that the evaluation has behind it.</param>
    public void EndEpoch(string series, int epochs, IEnumerable<TensorSlot> tensors)
    {
        _journal = _journal with { Running = series, Epochs = epochs };
        Save(tensors);
    }

    /// <param name="score">Null where it diverged.</param>
    public void End(string series, Score? score)
    {
        if (score is not null)
        {
            var result = score.ToResult(series);
            _journal.Results.Add(result);
            Give(result);
            Log(LogSeverity.Info, FormattableString.Invariant($"{series} {score.Accuracy:G4} at the run's end."));
        }

        _journal.Over.Add(series);
        _journal = _journal with { Running = null, Epochs = 0 };
        Save([]);
    }

    public void Dispose() => Close();

    private void Give(ProbeResult result) => _sink.SaveEvaluation(new(_journal.Step, [], [result]));

    private void Save(IEnumerable<TensorSlot> tensors)
    {
        _journal = _journal with { Number = _journal.Number + 1 };
        _sink.SaveEvaluationState(_journal.Step, _journal.Number, stream => SafetensorsWriter.Write(stream, [.. tensors.Select(slot => slot.ToWrite())], new Dictionary<string, string>
        {
            [Version] = CurrentVersion,
            [RecipeEntry] = JsonSerializer.Serialize(_recipe, JsonDefaults.Options),
            [Weights] = _weights,
            [JournalEntry] = JsonSerializer.Serialize(_journal, s_json),
        }));
    }

    /// <summary>A state that is none of this run's evaluations costs them what they had done, not the run.</summary>
    private void Open(Stream saved)
    {
        _saved = saved;
        try
        {
            _tensors = new(saved);
            _journal = Read(_tensors.Header.Metadata);
        }
        catch (Exception problem) when (problem is InvalidDataException or JsonException or KeyNotFoundException)
        {
            Close();
            Log(LogSeverity.Warning, $"The evaluations begin anew, for the state that they had saved is of no use: {problem.Message}");
            return;
        }

        _journal.Points.ForEach(_sink.Record);
        _journal.Results.ForEach(Give);
    }

    private Journal Read(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault(Version) != CurrentVersion)
        {
            throw new InvalidDataException("It is of another version of the engine.");
        }

        var recipe = JsonSerializer.Deserialize<Recipe>(metadata[RecipeEntry], JsonDefaults.Options);
        var journal = JsonSerializer.Deserialize<Journal>(metadata[JournalEntry], s_json);
        if (recipe is null || recipe with { Device = _recipe.Device, Checkpoints = _recipe.Checkpoints } != _recipe
            || metadata[Weights] != _weights || journal?.Step != _journal.Step)
        {
            throw new InvalidDataException("It is of another recipe or of other weights.");
        }

        return journal;
    }

    private void Close()
    {
        _saved?.Dispose();
        (_saved, _tensors) = (null, null);
    }

    /// <param name="Step">The run's last step.</param>
    /// <param name="Number">Rises with every state that is saved.</param>
    /// <param name="Over">Series of the evaluations that are over, those that diverged among them.</param>
    /// <param name="Running">Series of the one under way; null: none is.</param>
    /// <param name="Epochs">That the one under way has behind it.</param>
    private sealed record Journal(long Step, int Number, List<MetricPoint> Points, List<ProbeResult> Results, List<string> Over, string? Running, int Epochs);
}
