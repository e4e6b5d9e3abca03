namespace ILGPU;

/// <summary>Test stand-in: a view of an array, with the bounds checks a device lacks.</summary>
public readonly struct ArrayView<T>(T[] items)
    where T : unmanaged
{
    public long Length => items.Length;

    public ref T this[int index] => ref items[index];

    public ref T this[long index] => ref items[index];
}
