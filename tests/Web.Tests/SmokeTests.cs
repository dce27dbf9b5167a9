namespace MaeLab.Web.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Nothing() => Assert.Equal(2, 1 + 1);
}
