using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Tests.Features;

/// <summary>Runs as a reader gives them, with the one value each that a matrix is made of.</summary>
internal sealed class SampleRuns
{
    private readonly List<RunSummary> _runs = [];
    private readonly Dictionary<Guid, double> _values = [];

    public IReadOnlyList<RunSummary> All => _runs;

    public IReadOnlyDictionary<Guid, double> Values => _values;

    public SampleRuns Add(double value, long seed, JsonObject levels, bool isBaseline = false, RunState state = RunState.Completed)
    {
        var id = Guid.CreateVersion7();
        _runs.Add(new(
            id, Guid.Empty, "sample", _runs.Count, CellOf(levels), isBaseline, levels, seed, 0.75, 4, "fashion-mnist-sample", state, null, null, 0, 0, 1, 10, 10, 1,
            null, null, null, null, default, null, null));
        _values.Add(id, value);
        return this;
    }

    public Matrix Matrix(IReadOnlyList<Axis> axes, MatrixQuery query) => Web.Features.Experiment.Matrix.Build(axes, _runs, _values, query);

    /// <summary>All of it as the page of an experiment reads it.</summary>
    public ExperimentResults Results(IReadOnlyList<Axis> axes, string metric) => new(
        new(new(Guid.Empty, "sample", null, [], 0, 1, "tester", default, AblationDesign.Grid, axes, [], _runs.Count, RunCounts.Of(_runs.Select(run => run.State)), 1), "{}", openJobs: 0),
        _runs, metric, new(_values, new(), null), new Dictionary<Guid, RunCost>());

    private int CellOf(JsonObject levels) =>
        _runs.Find(run => run.Levels.ToJsonString() == levels.ToJsonString())?.CellIndex ?? _runs.Select(run => run.CellIndex + 1).DefaultIfEmpty().Max();
}
