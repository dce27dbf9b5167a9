namespace MaeLab.Web.Features.Runs;

/// <summary>A run is to be selected, or not any more.</summary>
/// <param name="Through">All from the run that was selected before to this one.</param>
public readonly record struct RowSelection(bool Selected, bool Through);
