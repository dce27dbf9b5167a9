using MaeLab.Engine.Probes;
using MaeLab.Engine.Training;

namespace MaeLab.Runner.Execution;

/// <summary>The theory suite as the service sees it: <see cref="TheoryExamination.Run"/>, or a quick stand-in in tests.</summary>
public delegate TrainingOutcome TheoryLoop(TheoryJob job, ITrainingSink sink, CancellationToken cancellationToken);
