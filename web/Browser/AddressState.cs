using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Browser;

/// <summary>What a page shows is in its address, so that every view can be linked to.</summary>
public static class AddressState
{
    /// <summary>Changes the address so that it shows what the page shows; without a new entry in the history.</summary>
    /// <param name="parameters">Query parameter to value; null or empty leaves it out.</param>
    public static void Show(this NavigationManager navigation, params IEnumerable<(string Name, object? Value)> parameters) =>
        navigation.NavigateTo(
            navigation.GetUriWithQueryParameters(parameters.ToDictionary(part => part.Name, part => part.Value is "" ? null : part.Value)),
            replace: true);

    /// <summary>Whether a switch is on; anything can stand in an address, and a bool parameter would refuse to.</summary>
    public static bool IsOn(string? parameter) => bool.TryParse(parameter, out var on) && on;
}
