using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Features.Gallery;

/// <summary>Views of a gallery image; their words are in the address.</summary>
public enum Picture
{
    Reconstruction,

    /// <summary>The reconstruction with the patches that the model saw.</summary>
    Pasted,
    Masked,

    /// <summary>Where it is off: drawn from the errors by patch, not stored.</summary>
    Errors,
    Original,
}

public static class Pictures
{
    /// <summary>The kind of the stored picture; null where none is.</summary>
    public static string? KindOf(Picture picture) => picture switch
    {
        Picture.Reconstruction => ImageKinds.Reconstruction,
        Picture.Pasted => ImageKinds.VisiblePasted,
        Picture.Masked => ImageKinds.Masked,
        Picture.Original => ImageKinds.Original,
        Picture.Errors => null,
        _ => throw new ArgumentOutOfRangeException(nameof(picture), picture, "Unknown picture."),
    };

    public static string Label(Picture picture) => picture switch
    {
        Picture.Reconstruction => "Reconstruction",
        Picture.Pasted => "With visible",
        Picture.Masked => "Masked",
        Picture.Original => "Original",
        Picture.Errors => "Error map",
        _ => throw new ArgumentOutOfRangeException(nameof(picture), picture, "Unknown picture."),
    };

    /// <summary>For a sentence about one image.</summary>
    public static string Words(Picture picture) =>
        picture == Picture.Pasted ? "reconstruction with the visible patches" : Label(picture).ToLowerInvariant();
}
