using MaeLab.Engine.Training;

namespace MaeLab.Runner.Execution;

/// <summary>The engine as the service sees it: <see cref="Trainer.Run"/>, or a quick stand-in in tests.</summary>
public delegate TrainingOutcome TrainingLoop(TrainingJob job, ITrainingSink sink, CancellationToken cancellationToken);
