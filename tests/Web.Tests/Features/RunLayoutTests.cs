using CsCheck;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Tests.Features;

public sealed class RunLayoutTests
{
    private static readonly Gen<(int Count, bool Open)[]> s_groups = Gen.Select(Gen.Int[1, 40], Gen.Bool).Array[0, 12];

    /// <summary>Whichever part of the table is asked for, it is that part of all of it.</summary>
    [Fact]
    public void Any_window_is_the_same_part_of_the_whole()
    {
        Gen.Select(s_groups, Gen.Int[0, 300], Gen.Int[1, 80]).Sample((groups, start, count) =>
        {
            var layout = Layout(groups);
            var whole = Lines(layout, 0, layout.Lines).ToList();
            Assert.Equal(groups.Sum(group => 1 + (group.Open ? group.Count : 0)), whole.Count);
            Assert.Equal(Enumerable.Range(0, layout.Lines), whole.Select(line => line.Line));
            Assert.Equal(whole.Skip(start).Take(count), Lines(layout, start, count));
        });
    }

    [Fact]
    public void Without_groups_lines_are_runs()
    {
        var layout = new RunLayout(View([]), 100, null);

        Assert.Equal(Enumerable.Range(90, 10), Lines(layout, 90, 60).Select(line => line.Place));
        Assert.Empty(Lines(layout, 100, 60));
    }

    /// <summary>Each line with its group, and which of the group's runs it is; -1: the row of the group.</summary>
    private static IEnumerable<(int Line, string? Group, int Place)> Lines(RunLayout layout, int start, int count) =>
        layout.Stretches(start, count).SelectMany(stretch => stretch.Header is { } header
            ? [(stretch.First, header.Key, -1)]
            : Enumerable.Range(0, stretch.Take).Select(i => (stretch.First + i, stretch.Filter.Text, stretch.Skip + i)));

    private static RunLayout Layout((int Count, bool Open)[] groups)
    {
        List<RunGroup> all = [.. groups.Select((group, index) => new RunGroup($"{index}", $"group {index}", group.Count, new(Text: $"{index}")))];
        return new(View(all.Where((_, index) => groups[index].Open).Select(group => group.Key)), groups.Sum(group => group.Count), all);
    }

    private static RunTableView View(IEnumerable<string> open) => new(new(), RunOrder.Newest, RunColumn.Default, null, open.ToHashSet(), false);
}
