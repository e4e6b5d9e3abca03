namespace NeuroDb.Query;

/// <summary>
/// What one execution of a statement remembers beyond its cursors, such as the results of
/// subqueries: one object for each owner. Shared by the contexts of all outer rows.
/// </summary>
internal sealed class ExecutionState
{
    private readonly Dictionary<object, object> _items = new(ReferenceEqualityComparer.Instance);

    /// <summary>The object of an owner, if there is one; any thread may ask.</summary>
    public T? Find<T>(object owner)
        where T : class
    {
        lock (_items)
        {
            return (T?)_items.GetValueOrDefault(owner);
        }
    }

    /// <summary>The object of an owner, made when first asked for; any thread may ask.</summary>
    public T Get<T>(object owner)
        where T : class, new()
    {
        lock (_items)
        {
            if (!_items.TryGetValue(owner, out object? item))
            {
                item = new T();
                _items.Add(owner, item);
            }

            return (T)item;
        }
    }
}
