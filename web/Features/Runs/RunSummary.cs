using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MaeLab.Domain.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Runs;

/// <summary>One run as lists show it.</summary>
/// <param name="Index">Position within the experiment, from 0.</param>
/// <param name="Levels">The cell's levels, recipe field to value.</param>
/// <param name="Reason">Why it failed or was cancelled, for example out_of_memory; null where it did not.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="Position">Place in the queue of its experiment, lowest first.</param>
/// <param name="Loss">Newest training loss; null before the first step, or where it is not finite.</param>
/// <param name="LinearAccuracy">Newest linear probe accuracy, 0 to 1; null before the first probe.</param>
public record RunSummary(
    Guid Id, Guid ExperimentId, string ExperimentName, int Index, int CellIndex, bool IsBaseline, JsonObject Levels,
    long Seed, double MaskRatio, int PatchSize, string Dataset,
    RunState State, string? Reason, string? ReasonText, int Priority, int Position, int Attempt,
    long Step, long TotalSteps, double Epoch, double? Loss, double? LinearAccuracy, double? ImagesPerSecond,
    Guid? RunnerId, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>0 to 1.</summary>
    public double Progress => State == RunState.Completed ? 1 : TotalSteps > 0 ? Math.Min((double)Step / TotalSteps, 1) : 0;

    /// <summary>All steps are done, and what is left to do is to evaluate what was trained: trainings of their own, some of them.</summary>
    [JsonIgnore]
    public bool IsEvaluating => State == RunState.Running && TotalSteps > 0 && Step >= TotalSteps;

    /// <summary>How far it is; full is a bar only of what has nothing left to do.</summary>
    [JsonIgnore]
    public string ProgressWords => IsEvaluating ? "evaluating" : Format.Percent(State == RunState.Completed ? 1 : Math.Min(Progress, 0.99), 0);

    /// <summary>The level of one factor as a JSON literal; null where the experiment does not vary it.</summary>
    public string? LevelOf(string field) =>
        Levels.TryGetPropertyValue(field, out var level) ? level?.ToJsonString() ?? "null" : null;

    /// <summary>"Mask ratio 0.75 · Patch size 4"; what tells this cell from the others.</summary>
    [JsonIgnore]
    public string CellName => NameOf(Levels);

    /// <param name="levels">Levels of a cell as they are stored.</param>
    public static string CellNameOf(string levels) => NameOf(JsonNode.Parse(levels)!.AsObject());

    public static string? ReasonWord(ReasonCode reason) =>
        reason == ReasonCode.None ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    private static string NameOf(JsonObject levels) => levels.Count == 0
        ? "Base recipe"
        : string.Join(" · ", levels.Select(level => $"{FieldText.Label(level.Key)} {Format.Literal(level.Value?.ToJsonString() ?? "null")}"));
}
