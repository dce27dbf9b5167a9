namespace MaeLab.Web.Features.Experiment;

/// <summary>The views of an experiment, in their order on its page; their words are in the address.</summary>
public enum ExperimentTab
{
    /// <summary>What the cells came to.</summary>
    Matrix,

    /// <summary>Every cell against the baseline.</summary>
    Statistics,

    /// <summary>Series of the runs over the training.</summary>
    Curves,

    /// <summary>Runs as points and lines in the space of their factors and metrics.</summary>
    Explore,

    /// <summary>What the runs make of the same images.</summary>
    Gallery,

    /// <summary>What theory probes say of the runs, question by question.</summary>
    Theory,

    /// <summary>The runs themselves and the queue of those that wait.</summary>
    Runs,
}
