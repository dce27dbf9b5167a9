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
            id, Guid.Empty, "sample", _runs.Count, 0, isBaseline, levels, seed, 0.75, 4, "fashion-mnist-sample", state, null, null, 0, 0, 1, 10, 10, 1,
            null, null, null, null, default, null, null));
        _values.Add(id, value);
        return this;
    }

    public Matrix Matrix(IReadOnlyList<Axis> axes, MatrixQuery query) => Web.Features.Experiment.Matrix.Build(axes, _runs, _values, query);
}
