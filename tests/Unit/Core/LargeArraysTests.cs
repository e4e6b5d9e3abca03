namespace NeuroDb.Tests.Unit;

/// <summary>Arrays are used again, by one owner at a time, and are let go.</summary>
public sealed class LargeArraysTests
{
    private const int Length = 1 << 16;

    [Fact]
    public void An_array_that_was_returned_is_rented_again()
    {
        using var arrays = new LargeArrays(1 << 24, TimeProvider.System);
        long[] first = arrays.Rent<long>(Length, isCleared: false);
        first.AsSpan().Fill(-1);
        arrays.Return(first);
        Assert.Equal(8L * Length, arrays.KeptSizeBytes);
        long[] second = arrays.Rent<long>(Length - 1, isCleared: true);
        Assert.Same(first, second);
        Assert.All(second, static element => Assert.Equal(0, element));
        Assert.Equal(0, arrays.KeptSizeBytes);
        Assert.NotSame(second, arrays.Rent<long>(Length, isCleared: true));
    }

    [Fact]
    public void Growing_keeps_the_elements_clears_the_others_and_returns_the_old_array()
    {
        using var arrays = new LargeArrays(1 << 24, TimeProvider.System);
        int[] used = arrays.Rent<int>(2 * Length, isCleared: false);
        used.AsSpan().Fill(7);
        arrays.Return(used);
        int[] array = arrays.Rent<int>(Length, isCleared: false);
        array.AsSpan().Fill(3);
        int[] old = array;
        arrays.Resize(ref array, 2 * Length);
        Assert.Same(used, array);
        Assert.All(array[..Length], static element => Assert.Equal(3, element));
        Assert.All(array[Length..], static element => Assert.Equal(0, element));
        Assert.Same(old, arrays.Rent<int>(Length, isCleared: false));
    }

    [Fact]
    public void Texts_are_not_kept_alive_and_arrays_of_other_types_are_not_given()
    {
        using var arrays = new LargeArrays(1 << 24, TimeProvider.System);
        string[] texts = arrays.Rent<string>(Length, isCleared: false);
        texts[5] = "text";
        arrays.Return(texts);
        Assert.Null(texts[5]);
        Assert.IsType<object[]>(arrays.Rent<object>(Length, isCleared: false));
        Assert.IsType<long[]>(arrays.Rent<long>(Length, isCleared: false));
        Assert.Same(texts, arrays.Rent<string>(Length, isCleared: false));
    }

    [Fact]
    public void No_more_is_kept_than_the_bound_and_what_came_first_goes_first()
    {
        using var arrays = new LargeArrays(3L * Length, TimeProvider.System);
        byte[] first = new byte[2 * Length];
        byte[] second = new byte[Length];
        byte[] third = new byte[Length];
        arrays.Return(first);
        arrays.Return(second);
        arrays.Return(third);
        Assert.Equal(2L * Length, arrays.KeptSizeBytes);
        Assert.NotSame(first, arrays.Rent<byte>(2 * Length, isCleared: false));
        Assert.Same(third, arrays.Rent<byte>(Length, isCleared: false));
        Assert.Same(second, arrays.Rent<byte>(Length, isCleared: false));
        arrays.Return(new byte[4 * Length]);
        arrays.Return(new byte[16]);
        Assert.Equal(0, arrays.KeptSizeBytes);
    }

    [Fact]
    public void What_nobody_asks_for_is_let_go_after_a_while_and_at_the_end()
    {
        var clock = new ManualClock();
        using var arrays = new LargeArrays(1 << 24, clock);
        arrays.Return(new byte[Length]);
        clock.FireAll();
        arrays.Return(new byte[2 * Length]);
        Assert.Equal(3L * Length, arrays.KeptSizeBytes);
        clock.FireAll();
        Assert.Equal(2L * Length, arrays.KeptSizeBytes);
        clock.FireAll();
        Assert.Equal(0, arrays.KeptSizeBytes);
        Assert.Null(clock.Armed);
        arrays.Return(new byte[Length]);
        arrays.Dispose();
        Assert.Equal(0, arrays.KeptSizeBytes);
        arrays.Return(new byte[Length]);
        Assert.Equal(0, arrays.KeptSizeBytes);
    }

    [Fact]
    public void Lengths_between_powers_of_two_are_rounded_to_quarters()
    {
        using var arrays = new LargeArrays(1 << 24, TimeProvider.System);
        Assert.Equal(Length, arrays.Rent<long>(Length, isCleared: false).Length);
        Assert.Equal(5 * Length / 4, arrays.Rent<long>(Length + 1, isCleared: false).Length);
        Assert.Equal(2 * Length, arrays.Rent<long>((2 * Length) - 1, isCleared: true).Length);
        Assert.Equal(100, arrays.Rent<long>(100, isCleared: false).Length);
    }
}
