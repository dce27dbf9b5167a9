namespace MaeLab.Engine.Data;

/// <summary>timm's increasing set: the larger the magnitude, the more of the image is changed. Which one is drawn follows from the order.</summary>
public enum RandAugmentOperation
{
    AutoContrast,
    Equalize,
    Invert,
    Rotate,
    Posterize,
    Solarize,
    SolarizeAdd,
    Color,
    Contrast,
    Brightness,
    Sharpness,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
}
