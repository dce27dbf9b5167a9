using MudBlazor;

namespace MaeLab.Web.Layout;

/// <summary>
/// The one look. Both palettes are in every page, scoped by <c>data-theme</c> on the root element, which a script sets
/// before the first paint: the switch costs no round trip and no page flashes in the wrong colours.
/// Our own style sheets use the variables MudBlazor makes of these (<c>--mud-palette-surface</c> and so on).
/// </summary>
public static class MaeLabTheme
{
    private static readonly string[] s_fonts = ["Inter", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"];

    public static MudTheme Light { get; } = Create(":root");

    public static MudTheme Dark { get; } = Create(":root[data-theme='dark']");

    private static MudTheme Create(string scope) => new()
    {
        PseudoCss = new PseudoCss { Scope = scope },
        PaletteLight = new PaletteLight
        {
            Primary = "#0b63a5",
            PrimaryContrastText = "#ffffff",
            Secondary = "#4c5a6b",
            Info = "#0b63a5",
            Success = "#00785a",
            Warning = "#8a5a00",
            Error = "#b93d00",
            Background = "#f6f7f9",
            BackgroundGray = "#eef1f4",
            Surface = "#ffffff",
            TextPrimary = "#17202b",
            TextSecondary = "#55616f",
            TextDisabled = "#8994a0",
            ActionDefault = "#55616f",
            ActionDisabled = "#a9b2bc",
            LinesDefault = "#e1e6eb",
            LinesInputs = "#b7c0ca",
            TableLines = "#e8ecf0",
            Divider = "#e1e6eb",
            DrawerBackground = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#17202b",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#5cb3f0",
            PrimaryContrastText = "#06121c",
            Secondary = "#a3b0be",
            Info = "#5cb3f0",
            Success = "#35c29a",
            Warning = "#e9ad3f",
            Error = "#ff8a52",
            ErrorContrastText = "#06121c",
            Background = "#0e1318",
            BackgroundGray = "#1b232c",
            Surface = "#151b22",
            TextPrimary = "#e6ebf0",
            TextSecondary = "#9dabb9",
            TextDisabled = "#6b7886",
            ActionDefault = "#9dabb9",
            ActionDisabled = "#566270",
            LinesDefault = "#28323d",
            LinesInputs = "#465360",
            TableLines = "#222b35",
            Divider = "#28323d",
            DrawerBackground = "#151b22",
            AppbarBackground = "#151b22",
            AppbarText = "#e6ebf0",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = s_fonts, FontSize = "0.875rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = s_fonts, FontSize = "0.875rem", FontWeight = "550", LetterSpacing = "normal", TextTransform = "none" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
    };
}
