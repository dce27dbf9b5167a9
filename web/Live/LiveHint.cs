namespace MaeLab.Web.Live;

/// <summary>Something changed; what exactly is in the database. Ids are null where they do not apply.</summary>
public readonly record struct LiveHint(Guid? ExperimentId = null, Guid? RunId = null, bool Runners = false);

/// <summary>What a page wants to hear of. Null ids: any.</summary>
public readonly record struct LiveScope(Guid? ExperimentId = null, Guid? RunId = null, bool Runners = false)
{
    public bool Covers(LiveHint hint) =>
        Runners == hint.Runners
        && (ExperimentId is null || ExperimentId == hint.ExperimentId)
        && (RunId is null || RunId == hint.RunId);
}
