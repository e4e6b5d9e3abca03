using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Texts and blobs outside of the collector's heap: they are what was written, by themselves,
/// together and as keys.
/// </summary>
public sealed class ElementHeapTests
{
    private const int Room = 4096;

    [Fact]
    public void Texts_and_blobs_beside_the_heap_are_what_was_written()
    {
        string?[] texts = ["", "a", null, "\uD800 alone", new string('ä', 3_000_000), "😀"];
        byte[]?[] blobs = [[], [1, 2, 3], null, new byte[2_000_000]];

        Assert.Equal(texts, Stored(DataType.Text, texts, Value.Of));
        Assert.Equal(blobs, Stored(DataType.Blob, blobs, Value.Of));
    }

    [Fact]
    public void Rows_that_nobody_published_are_written_again()
    {
        ColumnStore<string> store = Staying<string>(DataType.Text);
        Write(store, 0, DataType.Text, ["kept"], Value.Of);
        Write(store, 1, DataType.Text, ["given up", "given up, too"], Value.Of);

        Write(store, 1, DataType.Text, [null, "instead"], Value.Of);

        Assert.Equal((string?[])["kept", null, "instead"], View<string>(store, 3));
        store.Release();
    }

    [Fact]
    public void Elements_that_somebody_looks_at_stay_the_same_objects()
    {
        ColumnStore<string> store = Staying<string>(DataType.Text);
        Write(store, 0, DataType.Text, ["one"], Value.Of);
        string? first = View<string>(store, 1)[0];
        Write(store, 1, DataType.Text, ["two", "three"], Value.Of);

        string?[] all = View<string>(store, 3);

        Assert.Same(first, all[0]);
        Assert.Equal((string?[])["one", "two", "three"], all);
        store.Release();
    }

    [Fact]
    public void Keys_of_elements_beside_the_heap_equal_those_of_objects()
    {
        string?[] texts = ["", "key", "Key", "schlüssel", null];
        ColumnStore<string> store = Staying<string>(DataType.Text);
        var objects = new ColumnStore<string>(DataType.Text);
        objects.Reserve(texts.Length);
        Write(store, 0, DataType.Text, texts, Value.Of);
        Write(objects, 0, DataType.Text, texts, Value.Of);

        for (int row = 0; row < texts.Length - 1; row++)
        {
            Assert.Equal(objects.HashAt(row), store.HashAt(row));
            for (int other = 0; other < texts.Length; other++)
            {
                Assert.Equal(row == other, store.SameAt(row, objects, other));
                Assert.Equal(row == other, objects.SameAt(row, store, other));
            }

            Assert.True(store.SameAs(row, Value.Of(texts[row]!)));
        }

        store.Release();
    }

    private static T?[] Stored<T>(DataType type, T?[] elements, Func<T, Value> toValue)
        where T : class
    {
        ColumnStore<T> store = Staying<T>(type);
        Write(store, 0, type, elements, toValue);
        T?[] read = View<T>(store, elements.Length);
        for (int row = 0; row < elements.Length; row++)
        {
            Assert.Equal(elements[row], store.ElementAt(row));
        }

        store.Release();
        return read;
    }

    private static ColumnStore<T> Staying<T>(DataType type)
    {
        var store = (ColumnStore<T>)ColumnStore.Create(type);
        store.ReserveToStay(Room, isTouched: true, elementSizeBytes: 100_000);
        return store;
    }

    private static void Write<T>(
        ColumnStore store, int row, DataType type, T?[] elements, Func<T, Value> toValue)
        where T : class
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, elements.Length);
        foreach (T? element in elements)
        {
            builder.Append(element is null ? Value.Null : toValue(element));
        }

        store.Write(row, builder.Build(), 0, elements.Length);
    }

    private static T?[] View<T>(ColumnStore store, int count)
    {
        var column = (ColumnBuffer<T>)store.View(count, null);
        return [.. Enumerable.Range(0, count).Select(
            row => column.IsNull(row) ? default : column.Values[row])];
    }
}
