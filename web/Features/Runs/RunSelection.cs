namespace MaeLab.Web.Features.Runs;

/// <summary>The runs that somebody has selected.</summary>
public sealed class RunSelection
{
    private readonly HashSet<Guid> _ids = [];

    public int Count => _ids.Count;

    /// <summary>Line that was selected last, where a selection from here to there begins; null: none.</summary>
    public int? Anchor { get; set; }

    public IReadOnlyList<Guid> Ids => [.. _ids];

    public bool Has(Guid id) => _ids.Contains(id);

    public void Set(Guid id, bool selected) => _ = selected ? _ids.Add(id) : _ids.Remove(id);

    public void Add(IEnumerable<Guid> ids) => _ids.UnionWith(ids);

    public void Remove(IEnumerable<Guid> ids) => _ids.ExceptWith(ids);

    public void Clear()
    {
        _ids.Clear();
        Anchor = null;
    }
}
