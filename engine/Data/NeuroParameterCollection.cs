using System.Collections;
using System.Data.Common;

namespace NeuroDb.Data;

/// <summary>The parameters of a command, in order.</summary>
public sealed class NeuroParameterCollection : DbParameterCollection
{
    private readonly List<NeuroParameter> _items = [];

    /// <inheritdoc/>
    public override int Count => _items.Count;

    /// <inheritdoc/>
    public override object SyncRoot => ((ICollection)_items).SyncRoot;

    /// <summary>A parameter by its ordinal.</summary>
    public new NeuroParameter this[int index]
    {
        get => _items[index];
        set => SetParameter(index, value);
    }

    /// <summary>A parameter by its name.</summary>
    public new NeuroParameter this[string parameterName]
    {
        get => _items[Find(parameterName)];
        set => SetParameter(parameterName, value);
    }

    /// <summary>Adds a parameter and gives it back.</summary>
    public NeuroParameter Add(NeuroParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        _items.Add(parameter);
        return parameter;
    }

    /// <summary>Adds a named parameter with a value; null is NULL.</summary>
    public NeuroParameter AddWithValue(string name, object? value) =>
        Add(new NeuroParameter(name, value ?? DBNull.Value));

    /// <summary>Adds a parameter for the next ? with a value; null is NULL.</summary>
    public NeuroParameter AddValue(object? value) =>
        Add(new NeuroParameter(null, value ?? DBNull.Value));

    /// <inheritdoc/>
    public override int Add(object value)
    {
        _items.Add(Cast(value));
        return _items.Count - 1;
    }

    /// <inheritdoc/>
    public override void AddRange(Array values)
    {
        foreach (object value in values)
        {
            Add(value);
        }
    }

    /// <inheritdoc/>
    public override void Clear() => _items.Clear();

    /// <inheritdoc/>
    public override bool Contains(object value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public override bool Contains(string value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public override void CopyTo(Array array, int index) =>
        ((ICollection)_items).CopyTo(array, index);

    /// <inheritdoc/>
    public override IEnumerator GetEnumerator() => _items.GetEnumerator();

    /// <inheritdoc/>
    public override int IndexOf(object value) =>
        value is NeuroParameter parameter ? _items.IndexOf(parameter) : -1;

    /// <inheritdoc/>
    public override int IndexOf(string parameterName)
    {
        for (int i = 0; i < _items.Count && parameterName is not null; i++)
        {
            if (string.Equals(
                _items[i].ParameterName, parameterName, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public override void Insert(int index, object value) => _items.Insert(index, Cast(value));

    /// <inheritdoc/>
    public override void Remove(object value)
    {
        if (!_items.Remove(Cast(value)))
        {
            throw new ArgumentException(
                "The parameter is not in the collection.", nameof(value));
        }
    }

    /// <inheritdoc/>
    public override void RemoveAt(int index) => _items.RemoveAt(index);

    /// <inheritdoc/>
    public override void RemoveAt(string parameterName) => _items.RemoveAt(Find(parameterName));

    /// <inheritdoc/>
    protected override DbParameter GetParameter(int index) => _items[index];

    /// <inheritdoc/>
    protected override DbParameter GetParameter(string parameterName) =>
        _items[Find(parameterName)];

    /// <inheritdoc/>
    protected override void SetParameter(int index, DbParameter value) =>
        _items[index] = Cast(value);

    /// <inheritdoc/>
    protected override void SetParameter(string parameterName, DbParameter value) =>
        _items[Find(parameterName)] = Cast(value);

    /// <summary>The parameter that a name without prefix in the SQL text means, if any.</summary>
    internal NeuroParameter? FindBare(ReadOnlySpan<char> name)
    {
        foreach (NeuroParameter item in _items)
        {
            if (item.BareName.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return item;
            }
        }

        return null;
    }

    private static NeuroParameter Cast(object? value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value as NeuroParameter ?? throw new InvalidCastException(
            $"The collection takes {nameof(NeuroParameter)} objects, not {value.GetType()}.");
    }

    private int Find(string parameterName)
    {
        int index = IndexOf(parameterName);
        return index >= 0 ? index : throw new IndexOutOfRangeException(
            $"No parameter is named {parameterName}.");
    }
}
