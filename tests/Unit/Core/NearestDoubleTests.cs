using System.Globalization;

namespace NeuroDb.Tests.Unit;

/// <summary>Decimals as doubles, beside what .NET reads of their digits.</summary>
public sealed class NearestDoubleTests
{
    [Fact]
    public void A_decimal_becomes_the_double_that_its_digits_are_read_as()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            var number = new decimal(
                random.Next() >> random.Next(32),
                random.Next() >> random.Next(32),
                random.Next(2) == 0 ? 0 : random.Next() >> random.Next(32),
                random.Next(2) == 0,
                (byte)random.Next(29));
            string text = number.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(
                double.Parse(text, CultureInfo.InvariantCulture), NearestDouble.Of(number));
        }
    }

    [Theory]
    [InlineData("922337203685477.543", "922337203685477.5430")]
    [InlineData("-79228162514264337593543950335", "-79228162514264337593543950335")]
    [InlineData("0.10", "0.1000000000000000000000000000")]
    [InlineData("9007199254740993.0", "9007199254740993")]
    public void Equal_decimals_become_one_double(string one, string other)
    {
        Assert.Equal(
            NearestDouble.Of(decimal.Parse(one, CultureInfo.InvariantCulture)),
            NearestDouble.Of(decimal.Parse(other, CultureInfo.InvariantCulture)));
    }
}
