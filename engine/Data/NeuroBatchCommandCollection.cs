using System.Data.Common;

namespace NeuroDb.Data;

/// <summary>The statements of a batch, in order.</summary>
public sealed class NeuroBatchCommandCollection : DbBatchCommandCollection
{
    private readonly List<DbBatchCommand> _items = [];

    /// <inheritdoc/>
    public override int Count => _items.Count;

    /// <inheritdoc/>
    public override bool IsReadOnly => false;

    /// <inheritdoc/>
    public override void Add(DbBatchCommand item) => _items.Add(Cast(item));

    /// <inheritdoc/>
    public override void Clear() => _items.Clear();

    /// <inheritdoc/>
    public override bool Contains(DbBatchCommand item) => _items.Contains(item);

    /// <inheritdoc/>
    public override void CopyTo(DbBatchCommand[] array, int arrayIndex) =>
        _items.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public override IEnumerator<DbBatchCommand> GetEnumerator() => _items.GetEnumerator();

    /// <inheritdoc/>
    public override int IndexOf(DbBatchCommand item) => _items.IndexOf(item);

    /// <inheritdoc/>
    public override void Insert(int index, DbBatchCommand item) =>
        _items.Insert(index, Cast(item));

    /// <inheritdoc/>
    public override bool Remove(DbBatchCommand item) => _items.Remove(item);

    /// <inheritdoc/>
    public override void RemoveAt(int index) => _items.RemoveAt(index);

    /// <inheritdoc/>
    protected override DbBatchCommand GetBatchCommand(int index) => _items[index];

    /// <inheritdoc/>
    protected override void SetBatchCommand(int index, DbBatchCommand batchCommand) =>
        _items[index] = Cast(batchCommand);

    private static NeuroBatchCommand Cast(DbBatchCommand? item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item as NeuroBatchCommand ?? throw new InvalidCastException(
            $"The batch takes {nameof(NeuroBatchCommand)} objects, not {item.GetType()}.");
    }
}
