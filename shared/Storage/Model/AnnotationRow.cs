namespace MaeLab.Storage.Model;

/// <summary>
/// Table annotations, key id: what people say of a run or of an experiment. Written by web. The id is that of what is
/// annotated; it stands in one of the two references too, so that the annotation goes with it.
/// </summary>
public sealed class AnnotationRow
{
    public Guid Id { get; set; }

    public Guid? RunId { get; set; }

    public Guid? ExperimentId { get; set; }

    public string[] Tags { get; set; } = [];

    /// <summary>Out of the way: left out of lists unless they ask for it.</summary>
    public bool Archived { get; set; }

    /// <summary>Markdown.</summary>
    public string? Note { get; set; }
}
