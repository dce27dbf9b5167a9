using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Features.Theory;

/// <summary>Maps over the gallery's images, a panel for each side.</summary>
internal static class PatchMaps
{
    /// <summary>So many doublings of uniform attention have the last colour.</summary>
    private const int Doublings = 3;

    private static readonly MapScale s_attention = new("as much as uniform attention, or less", $"{1 << Doublings} times as much and more");
    private static readonly MapScale s_influence = new("none", "the most in this map");

    /// <summary>On one scale for all maps: attention that is not yet learnt is not to look like one that is.</summary>
    public static IReadOnlyList<TheoryPanel> Attention(IReadOnlyList<TheorySide> sides) => Panels<ReachDetails>(
        "Attention of removed patches", SeriesNames.AttentionReach, sides, s_attention, (side, details) => details.Maps.Select(map =>
        {
            double[] overUniform = [.. map.Weights.Select(weight => weight * map.Weights.Count)];
            return Of(side, map.Image, map.Patch, map.Visible, [.. overUniform.Select(value => (double?)value)], value => Math.Log2(value) / Doublings, " times uniform");
        }));

    /// <summary>By the root, so that what is weak is seen beside what is strong.</summary>
    public static IReadOnlyList<TheoryPanel> Influence(IReadOnlyList<TheorySide> sides) => Panels<InfluenceDetails>(
        "Influence on removed patches", SeriesNames.InfluenceLength, sides, s_influence, (side, details) => details.Maps.Select(map =>
        {
            var values = new double?[map.Patches];
            foreach (var (patch, influence) in map.Visible.Zip(map.Influence))
            {
                values[patch] = influence;
            }

            var most = map.Influence.Max();
            return Of(side, map.Image, map.Patch, seen: null, values, value => most > 0 ? Math.Sqrt(value / most) : 0);
        }));

    private static List<TheoryPanel> Panels<T>(string what, string probe, IReadOnlyList<TheorySide> sides, MapScale scale, Func<TheorySide, T, IEnumerable<PatchMap>> mapsOf)
        where T : class =>
        [.. from side in sides
            let details = side.Find<T>(probe)
            where details is not null
            let maps = mapsOf(side, details).ToList()
            select new MapsPanel(side.Name, $"{what} in {maps.Select(map => map.Image).Distinct().Count()} images, {side.Name}", maps, scale)];

    private static PatchMap Of(TheorySide side, int image, int patch, IReadOnlyList<int>? seen, double?[] values, Func<double, double> shareOf, string unit = "") => new(
        side.Originals.GetValueOrDefault(image), image, (int)Math.Round(Math.Sqrt(values.Length)), patch, seen, values,
        [.. values.Select(value => value is > 0 and { } number ? Math.Clamp(shareOf(number), 0, 1) : 0)], unit);
}
