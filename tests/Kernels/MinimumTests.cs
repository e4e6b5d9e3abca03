using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The least of some numbers, and those up to a limit.</summary>
public sealed class MinimumTests
{
    [Fact]
    public void The_index_of_the_least_number_is_that_of_the_first_one()
    {
        var random = new Random(11);
        for (int count = 1; count < 100; count++)
        {
            float[] numbers = Draw(random, count);
            int expected = Array.IndexOf(numbers, numbers.Min());

            Assert.Equal(expected, Minimum.IndexOf(numbers));
        }
    }

    [Fact]
    public void A_NaN_is_never_the_least_number()
    {
        float[] numbers = [.. Enumerable.Repeat(float.NaN, 40)];
        Assert.Equal(0, Minimum.IndexOf(numbers));

        numbers[19] = 3;
        numbers[37] = -2;
        Assert.Equal(37, Minimum.IndexOf(numbers));
        numbers[37] = float.NaN;
        Assert.Equal(19, Minimum.IndexOf(numbers));
        Assert.Equal(0, Minimum.IndexOf([]));
    }

    [Fact]
    public void The_numbers_up_to_a_limit_are_those_that_a_comparison_of_each_finds()
    {
        var random = new Random(12);
        for (int count = 0; count < 100; count++)
        {
            float[] numbers = Draw(random, count);
            if (count > 20)
            {
                numbers[17] = float.NaN;
            }

            foreach (float limit in (float[])[-1, 0, 3, 9, float.PositiveInfinity, float.NaN])
            {
                int[] expected =
                    [.. Enumerable.Range(0, count).Where(i => !(numbers[i] > limit))];
                var found = new int[count];
                int length = Minimum.IndexesUpTo(numbers, limit, found);
                Assert.Equal(expected, found[..length]);
            }
        }
    }

    [Fact]
    public void Indexes_for_which_there_is_no_room_are_left_out()
    {
        var numbers = new float[50];
        var found = new int[20];
        Assert.Equal(20, Minimum.IndexesUpTo(numbers, 0, found));
        Assert.Equal(Enumerable.Range(0, 20), found);
        Assert.Equal(0, Minimum.IndexesUpTo(numbers, 0, []));
    }

    private static float[] Draw(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(10))];
}
