using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What the parts of a condition say about the columns of a learned index: values, or lists of
/// them, for the first columns, then perhaps bounds or a prefix for the next one. The condition is
/// checked on the rows all the same.
/// </summary>
/// <param name="Index">The index.</param>
/// <param name="Heads">
/// For each of the first columns its values, any of which it may have; null for IS NULL.
/// </param>
/// <param name="Bounds">The bounds of the column behind them.</param>
/// <param name="Prefix">What a text in that column must begin with; null for anything.</param>
internal sealed partial record IndexMatch(
    IndexEntry Index,
    IReadOnlyList<IReadOnlyList<Expression>?> Heads,
    IReadOnlyList<KeyBound> Bounds,
    string? Prefix)
{
    private const int KeyCountMax = 16_384;

    /// <summary>Whether rows are left out.</summary>
    public bool IsBounded => Heads.Count > 0 || Bounds.Count > 0 || Prefix is not null;

    /// <summary>Whether each of the first columns has one value.</summary>
    public bool IsOneKey => Heads.All(static values => values is null or { Count: 1 });

    /// <summary>
    /// A higher one leaves out more rows, as far as one can tell without looking.
    /// </summary>
    public int Rank => (4 * Heads.Count) + (Bounds.Count > 1 ? 2 : 0)
        + (Bounds.Count > 0 || Prefix is not null ? 1 : 0)
        + (Index.Schema.IsUnique && Heads.Count == Index.Schema.Columns.Count ? 100 : 0);

    /// <summary>What the parts of a condition say about an index.</summary>
    public static IndexMatch Of(
        IndexEntry index, LogicalScan scan, IReadOnlyList<Expression> parts)
    {
        var equals = new List<IReadOnlyList<Expression>?>();
        IReadOnlyList<IndexColumn> columns = index.Schema.Columns;
        bool hasList = false;
        while (equals.Count < columns.Count)
        {
            int ordinal = columns[equals.Count].Ordinal;
            if (!TryEqual(scan, ordinal, parts, out var values)
                || (hasList && values is { Count: > 1 }))
            {
                break;
            }

            hasList |= values is { Count: > 1 };
            equals.Add(values);
        }

        IReadOnlyList<KeyBound> bounds = [];
        string? prefix = null;
        if (equals.Count < columns.Count)
        {
            int ordinal = columns[equals.Count].Ordinal;
            bounds = [.. parts
                .Select(part => KeyBound.Of(part, item => IsColumn(item, scan, ordinal)))
                .OfType<KeyBound>()
                .Where(static bound => bound.Operator != BinaryOperator.Equal)];
            prefix = parts
                .Select(part => PrefixOf(part, scan, ordinal))
                .FirstOrDefault(static text => text is not null);
        }

        return new IndexMatch(index, equals, bounds, prefix);
    }

    /// <summary>Whether an expression is a column of a scan.</summary>
    public static bool IsColumn(Expression expression, LogicalScan scan, int ordinal) =>
        scan.Columns.Any(item => item.Ordinal == ordinal && CollateExpression.IsIndexed(
            expression, scan.Table.Schema.Columns[ordinal].Type, item.Column.Id));

    /// <summary>The same over changed expressions.</summary>
    public IndexMatch Map(Func<Expression, Expression> map) => this with
    {
        Heads = [.. Heads.Select(values => values is null
            ? null
            : (IReadOnlyList<Expression>)[.. values.Select(map)])],
        Bounds = [.. Bounds.Select(bound => bound with { Value = map(bound.Value) })],
    };

    /// <summary>
    /// What of the index has to be read, without a range twice; nothing where a value is NULL.
    /// </summary>
    /// <param name="keys">The columns of the index.</param>
    /// <param name="isNotNull">Whether the column behind the values must have one.</param>
    /// <param name="context">Gives the values.</param>
    public IReadOnlyList<IndexBounds> At(
        IndexKeys keys, bool isNotNull, ExecutionContext context)
    {
        var codes = new List<ulong[]> { Array.Empty<ulong>() };
        for (int column = 0; column < Heads.Count; column++)
        {
            var next = new HashSet<ulong>();
            foreach (Expression value in Heads[column] ?? [])
            {
                Value known = Conditions.ValueOf(value, context);
                if (!known.IsNull)
                {
                    next.Add(keys[column].Encode(known));
                }
            }

            if (Heads[column] is null)
            {
                next.Add(keys[column].NullCode);
            }

            codes = [.. codes.SelectMany(
                _ => next.Order(), static (first, code) => (ulong[])[.. first, code])];
        }

        bool isOpen = Bounds.Count == 0 && Prefix is null && !isNotNull;
        if (isOpen || Heads.Count == keys.Count)
        {
            return [.. codes.Select(IndexBounds.Of)];
        }

        return TryRange(keys[Heads.Count], context, out ulong low, out ulong high)
            ? [.. codes.Select(first => new IndexBounds([.. first, low], [.. first, high]))]
            : [];
    }

    /// <summary>Whether so many keys are worth looking up one by one.</summary>
    public bool IsShort => Heads.All(static values => values is null or { Count: <= KeyCountMax });

    /// <summary>The conditions for EXPLAIN.</summary>
    public string Describe(TableSchema table)
    {
        var words = new List<string>();
        for (int i = 0; i <= Heads.Count && i < Index.Schema.Columns.Count; i++)
        {
            string name = IndexKeyColumns.Shown(
                table.Columns[Index.Schema.Columns[i].Ordinal]);
            if (i == Heads.Count)
            {
                words.AddRange(Bounds.Select(
                    bound => $"{name} {OperatorText.Of(bound.Operator)} {bound.Value}"));
                words.AddRange(Prefix is null ? [] : [$"{name} like '{Prefix}%'"]);
            }
            else
            {
                words.Add(Heads[i] switch
                {
                    null => $"{name} is null",
                    { Count: 1 } one => $"{name} = {one[0]}",
                    var list => $"{name} in {list!.Count} values",
                });
            }
        }

        return string.Join(", ", words);
    }

    private bool TryRange(
        IndexColumnCoder coder, ExecutionContext context, out ulong low, out ulong high)
    {
        low = IndexColumnCoder.ValueCodeMin;
        high = IndexColumnCoder.ValueCodeMax;
        foreach (KeyBound bound in Bounds)
        {
            Value value = Conditions.ValueOf(bound.Value, context);
            if (value.IsNull)
            {
                return false;
            }

            ulong code = coder.Encode(value);
            bool isFrom = bound.Operator is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual;
            if (isFrom != coder.IsDescending)
            {
                low = Math.Max(low, code);
            }
            else
            {
                high = Math.Min(high, code);
            }
        }

        if (Prefix is not null)
        {
            (ulong first, ulong last) = coder.PrefixRange(Prefix);
            low = Math.Max(low, first);
            high = Math.Min(high, last);
        }

        return low <= high;
    }

    private static bool TryEqual(
        LogicalScan scan, int ordinal, IReadOnlyList<Expression> parts,
        out IReadOnlyList<Expression>? values)
    {
        values = null;
        foreach (Expression part in parts)
        {
            KeyBound? bound = KeyBound.Of(part, item => IsColumn(item, scan, ordinal));
            if (bound is { Operator: BinaryOperator.Equal })
            {
                values = [bound.Value];
                return true;
            }
        }

        foreach (Expression part in parts)
        {
            if (part is InListExpression list && IsColumn(list.Children[0], scan, ordinal)
                && list.Children.Skip(1).All(item => item.IsRowIndependent
                    && item.Type.Physical == list.Children[0].Type.Physical
                    && !item.Any(inner => inner is SubqueryExpression or PlannedSubquery)))
            {
                values = [.. list.Children.Skip(1)];
                return true;
            }

            if (part is IsNullExpression { IsNegated: false } test
                && IsColumn(test.Children[0], scan, ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string? PrefixOf(Expression part, LogicalScan scan, int ordinal)
    {
        if (part is not LikeExpression { IgnoresCase: false, Children.Count: 2 } like
            || !IsColumn(like.Children[0], scan, ordinal)
            || like.Children[1] is not ConstantExpression { Value: { IsNull: false } pattern })
        {
            return null;
        }

        string text = pattern.AsText();
        int end = text.AsSpan().IndexOfAny('%', '_', '\\');
        string prefix = end < 0 ? text : text[..end];
        return prefix.Length > 0 ? prefix : null;
    }
}
