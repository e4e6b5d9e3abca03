using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <content>The keys that a match asks for, where it asks for keys.</content>
internal sealed partial record IndexMatch
{
    /// <summary>The codes of the keys that are asked for; false if it is not keys.</summary>
    /// <param name="keys">The columns of the index.</param>
    /// <param name="isNotNull">Whether the column behind the values must have one.</param>
    /// <param name="context">Gives the values.</param>
    /// <param name="codes">For each of the first columns the codes.</param>
    /// <param name="values">
    /// For each of them the values, if codes may not tell them: then a key may come twice;
    /// otherwise null, and each comes once, in the order of the index.
    /// </param>
    public bool TryKeys(
        IndexKeys keys, bool isNotNull, ExecutionContext context, out ulong[][] codes,
        out Value[][]? values)
    {
        bool isOpen = Bounds.Count == 0 && Prefix is null && !isNotNull;
        codes = new ulong[Heads.Count][];
        values = null;
        if (Heads.Count == 0 || (!isOpen && Heads.Count < keys.Count))
        {
            return false;
        }

        bool isDoubtful = false;
        var known = new Value[Heads.Count][];
        for (int column = 0; column < known.Length; column++)
        {
            known[column] = ValuesOf(Heads[column], context);
            isDoubtful |= keys[column].IsDoubtful;
        }

        // At most one column has several values.
        int count = known.Any(static one => one.Length == 0)
            ? 0
            : known.Max(static one => one.Length);
        for (int column = 0; column < known.Length; column++)
        {
            if (known[column].Length != count)
            {
                Value single = known[column].FirstOrDefault();
                known[column] = new Value[count];
                Array.Fill(known[column], single);
            }

            IndexColumnCoder coder = keys[column];
            codes[column] = Array.ConvertAll(known[column], value => coder.Encode(value));
        }

        if (isDoubtful)
        {
            values = known;
        }
        else
        {
            codes = Distinct(codes);
        }

        return true;
    }

    private static Value[] ValuesOf(
        IReadOnlyList<Expression>? expressions, ExecutionContext context)
    {
        if (expressions is null)
        {
            return [Value.Null];
        }

        var values = new Value[expressions.Count];
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[count] = Conditions.ValueOf(expressions[i], context);
            count += values[count].IsNull ? 0 : 1;
        }

        return count == values.Length ? values : values[..count];
    }

    private static ulong[][] Distinct(ulong[][] codes)
    {
        int several = Array.FindIndex(codes, static column =>
            column.Length > 1 && column.AsSpan().ContainsAnyExcept(column[0]));
        if (several < 0)
        {
            return [.. codes.Select(static column => column[..Math.Min(1, column.Length)])];
        }

        ulong[] sorted = codes[several];
        RadixSort.Sort(sorted);
        int kept = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                sorted[kept++] = sorted[i];
            }
        }

        return [.. codes.Select(column => column[..kept])];
    }
}
