using MaeLab.Web.Features.Gallery;

namespace MaeLab.Web.Tests.Features;

public sealed class LensTests
{
    [Theory]
    [InlineData("3,0.25,0.5", "3,0.25,0.5")]
    [InlineData("99,2,-1", "16,1,0")]
    [InlineData("1,0.5,0.5", null)]
    [InlineData("2,0.5", null)]
    [InlineData("2,NaN,0.5", null)]
    [InlineData("two,0.5,0.5", null)]
    [InlineData(null, null)]
    public void Lens_is_read_from_an_address_and_written_to_it(string? text, string? written) =>
        Assert.Equal(written, Lens.Parse(text).ToString());
}
