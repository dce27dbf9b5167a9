using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Features.Theory;

/// <summary>Maps over the gallery's images, a panel for each side.</summary>
internal static class PatchMaps
{
    public static IReadOnlyList<TheoryPanel> Attention(IReadOnlyList<TheorySide> sides) => Panels<ReachDetails>(
        "Attention of removed patches", SeriesNames.AttentionReach, sides,
        (side, details) => details.Maps.Select(map => Of(side, map.Image, map.Patch, map.Visible, [.. map.Weights.Select(weight => (double?)weight)])));

    public static IReadOnlyList<TheoryPanel> Influence(IReadOnlyList<TheorySide> sides) => Panels<InfluenceDetails>(
        "Influence on removed patches", SeriesNames.InfluenceLength, sides,
        (side, details) => details.Maps.Select(map =>
        {
            var values = new double?[map.Patches];
            foreach (var (patch, influence) in map.Visible.Zip(map.Influence))
            {
                values[patch] = influence;
            }

            return Of(side, map.Image, map.Patch, seen: null, values);
        }));

    private static List<TheoryPanel> Panels<T>(string what, string probe, IReadOnlyList<TheorySide> sides, Func<TheorySide, T, IEnumerable<PatchMap>> mapsOf)
        where T : class =>
        [.. from side in sides
            let details = side.Find<T>(probe)
            where details is not null
            let maps = mapsOf(side, details).ToList()
            select new MapsPanel(side.Name, $"{what} in {maps.Select(map => map.Image).Distinct().Count()} images, {side.Name}", maps)];

    private static PatchMap Of(TheorySide side, int image, int patch, IReadOnlyList<int>? seen, double?[] values) =>
        new(side.Originals.GetValueOrDefault(image), image, (int)Math.Round(Math.Sqrt(values.Length)), patch, seen, values);
}
