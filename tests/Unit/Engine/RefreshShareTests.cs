namespace NeuroDb.Tests.Unit;

/// <summary>The part of a processor that a database gives to work in the background.</summary>
public sealed class RefreshShareTests
{
    [Fact]
    public void The_option_is_what_RESET_gives_back()
    {
        using NeuroStore database = NeuroStore.OpenInMemory(
            new NeuroStoreOptions { RefreshSharePercent = 25 });
        Assert.Equal("25", database.QueryScalar<string>("SHOW refresh_share"));

        database.Execute("SET refresh_share = 80");
        Assert.Equal("80", database.QueryScalar<string>("SHOW refresh_share"));
        database.Execute("RESET ALL");
        Assert.Equal("25", database.QueryScalar<string>("SHOW refresh_share"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(101)]
    public void A_share_is_from_1_to_100_percent(int share)
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new NeuroStoreOptions { RefreshSharePercent = share });
        Assert.Equal(10, new NeuroStoreOptions().RefreshSharePercent);
    }
}
