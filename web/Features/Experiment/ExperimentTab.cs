namespace MaeLab.Web.Features.Experiment;

/// <summary>The views of an experiment, in their order on its page; their words are in the address.</summary>
public enum ExperimentTab
{
    /// <summary>What the cells came to.</summary>
    Matrix,

    /// <summary>Series of the runs over the training.</summary>
    Curves,

    /// <summary>The runs themselves and the queue of those that wait.</summary>
    Runs,
}
