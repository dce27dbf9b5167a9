namespace MaeLab.Web.Presentation;

/// <summary>Who asked for something, where there are no accounts; as in "Cancelled by a person in the browser."</summary>
public static class People
{
    public const string Browser = "a person in the browser";
    public const string Client = "an API client";
}
