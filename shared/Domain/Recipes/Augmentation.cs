namespace MaeLab.Domain.Recipes;

/// <summary>What is done to a training image (MAE paper, Table 1e).</summary>
public enum Augmentation
{
    /// <summary>The image as it is: no crop, no flip.</summary>
    None,

    /// <summary>Random crop of the full size after padding by an eighth on each side, and horizontal flip.</summary>
    FixedCrop,

    /// <summary>Random resized crop (scale 0.2 to 1, ratio 3/4 to 4/3) and horizontal flip.</summary>
    RandomCrop,

    /// <summary>As <see cref="RandomCrop"/>, then brightness, contrast, saturation (each 0.6 to 1.4) and hue (0.1 of its circle either way) in random order.</summary>
    RandomCropColorJitter,
}
