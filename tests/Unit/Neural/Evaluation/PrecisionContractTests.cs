using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Thresholds that hold a precision, shown by rows.</summary>
public sealed class PrecisionContractTests
{
    [Theory]
    [InlineData(9, 10, 0.5, 0.0107421875)]
    [InlineData(10, 10, 0.9, 0.3486784401)]
    [InlineData(3, 10, 0.5, 1)]
    public void The_tail_is_that_of_the_binomial(int right, int rows, double share, double tail) =>
        Assert.Equal(tail, PrecisionContract.Tail(right, rows, share), 1e-12);

    [Fact]
    public void All_rows_pass_where_all_are_right()
    {
        float[] scores = [.. Enumerable.Range(0, 100).Select(static i => 1 - (i / 200f))];
        bool[] isRight = [.. Enumerable.Repeat(true, 100)];
        PrecisionContract? found = PrecisionContract.Find(scores, isRight, 0.9, 0.95);
        Assert.NotNull(found);
        Assert.Equal(0, found.Threshold);
        Assert.Equal(100, found.Rows);
        Assert.Equal(Math.Pow(0.05, 0.01), found.LowerBound, 1e-9);
    }

    [Fact]
    public void Few_rows_show_nothing_however_right_they_are()
    {
        float[] scores = [.. Enumerable.Range(0, 28).Select(static i => 1 - (i / 100f))];
        bool[] isRight = [.. Enumerable.Repeat(true, 28)];
        Assert.Null(PrecisionContract.Find(scores, isRight, 0.9, 0.95));
        Assert.InRange(PrecisionContract.Reachable(scores, isRight, 0.95), 0.88, 0.9);
        Assert.Null(PrecisionContract.Find([], [], 0.5, 0.95));
    }

    [Fact]
    public void Rows_of_equal_probability_stay_together()
    {
        float[] scores = [.. Enumerable.Repeat(0.9f, 60), .. Enumerable.Repeat(0.6f, 60)];
        bool[] isRight = [.. Enumerable.Repeat(true, 60), .. Enumerable.Repeat(false, 60)];
        PrecisionContract? found = PrecisionContract.Find(scores, isRight, 0.9, 0.95);
        Assert.Equal(60, found?.Rows);
        Assert.Equal(0.9f, found?.Threshold);
    }

    [Fact]
    public void A_contract_is_broken_less_often_than_it_allows()
    {
        // A row of the score s is right with the probability s; from t on the precision is
        // (1 + t) / 2.
        const int Draws = 200;
        const double Precision = 0.9;
        var random = new SeededRandomSource(7);
        double Next() => (random.NextUInt64() >> 11) * (1.0 / (1UL << 53));
        int broken = 0;
        int found = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            float[] scores = [.. Enumerable.Range(0, 3000).Select(_ => (float)Next())
                .OrderDescending()];
            bool[] isRight = [.. scores.Select(score => Next() < score)];
            if (PrecisionContract.Find(scores, isRight, Precision, 0.9) is { } contract)
            {
                found++;
                broken += (1 + contract.Threshold) / 2 < Precision ? 1 : 0;
            }
        }

        Assert.InRange(found, Draws / 2, Draws);
        Assert.InRange(broken, 0, (int)(0.1 * Draws));
    }
}
