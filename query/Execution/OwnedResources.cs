namespace NeuroDb.Query;

/// <summary>
/// What a statement needs until its end, whoever made it; shared by the contexts of its parts. Any
/// thread may add.
/// </summary>
internal sealed class OwnedResources : IDisposable
{
    private readonly List<IDisposable> _items = [];
    private bool _isUsed;

    /// <summary>Takes something over; disposing it earlier does no harm.</summary>
    public void Add(IDisposable item)
    {
        lock (_items)
        {
            _items.Add(item);
            Volatile.Write(ref _isUsed, true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Most statements need nothing, and whoever added something has ended.
        if (!Volatile.Read(ref _isUsed))
        {
            return;
        }

        lock (_items)
        {
            _items.ForEach(static item => item.Dispose());
            _items.Clear();
        }
    }
}
