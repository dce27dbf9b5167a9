using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace MaeLab.Web.Features.NewExperiment;

public sealed partial class FactorEditor
{
    private const int MostSuggestions = 5;

    private string _typed = "";

    [Parameter, EditorRequired]
    public required FactorInput Factor { get; set; }

    [Parameter, EditorRequired]
    public required FormErrors Errors { get; set; }

    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>Without it the factor stays.</summary>
    [Parameter]
    public EventCallback Remove { get; set; }

    private RecipeField Field => RecipeFields.Find(Factor.Path)!;

    private string Title => Factor.Path == Axis.SeedField ? "Seeds" : Field.Label;

    private IEnumerable<string> Suggestions => Field.Suggestions
        .Select(literal => literal == "null" ? "" : Format.Literal(literal))
        .Except(Factor.Levels).Take(MostSuggestions);

    private static string Show(string level) => level.Length > 0 ? level : "none";

    /// <summary>A comma ends a level, so that a list can be typed or pasted.</summary>
    private Task TypeAsync(string text)
    {
        _typed = text;
        return _typed.AsSpan().IndexOfAny(",; ") >= 0 ? AddTypedAsync() : Task.CompletedTask;
    }

    private Task KeyAsync(KeyboardEventArgs key) => key.Key switch
    {
        "Enter" => AddTypedAsync(),
        "Backspace" when _typed.Length == 0 && Factor.Levels.Count > 0 => RemoveAsync(Factor.Levels[^1]),
        _ => Task.CompletedTask,
    };

    private async Task AddTypedAsync()
    {
        var levels = _typed.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _typed = "";
        if (levels.Length > 0)
        {
            Factor.Levels.AddRange(levels);
            await Changed.InvokeAsync();
        }
    }

    private Task AddAsync(string level)
    {
        Factor.Levels.Add(level);
        return Changed.InvokeAsync();
    }

    private Task RemoveAsync(string level)
    {
        Factor.Levels.RemoveAt(Factor.Levels.LastIndexOf(level));
        return Changed.InvokeAsync();
    }
}
