namespace NeuroDb.Query;

/// <summary>
/// The statements prepared lately, by their text, so that a text is parsed and planned once.
/// Shared by all sessions of a database. When it is full the older half goes: a statement in use
/// is soon back, and no lock is held while parsing.
/// </summary>
internal sealed class StatementCache
{
    private readonly Dictionary<string, Entry> _entries = [];
    private long _clock;

    /// <summary>The statements of a text; parsed if they are not at hand.</summary>
    public IReadOnlyList<PreparedStatement> GetOrParse(string sql)
    {
        lock (_entries)
        {
            if (_entries.TryGetValue(sql, out Entry? entry))
            {
                entry.LastUse = ++_clock;
                return entry.Statements;
            }
        }

        PreparedStatement[] statements =
            [.. SqlParser.Parse(sql).Select(syntax => new PreparedStatement(syntax))];
        if (sql.Length <= Limits.CachedStatementLengthMax)
        {
            Add(sql, statements);
        }

        return statements;
    }

    private void Add(string sql, IReadOnlyList<PreparedStatement> statements)
    {
        lock (_entries)
        {
            if (_entries.Count >= Limits.CachedStatementCountMax)
            {
                long middle = _clock - (Limits.CachedStatementCountMax / 2);
                foreach (string old in _entries
                    .Where(pair => pair.Value.LastUse <= middle)
                    .Select(pair => pair.Key)
                    .ToArray())
                {
                    _entries.Remove(old);
                }
            }

            _entries[sql] = new Entry(statements) { LastUse = ++_clock };
        }
    }

    private sealed class Entry(IReadOnlyList<PreparedStatement> statements)
    {
        public IReadOnlyList<PreparedStatement> Statements { get; } = statements;

        public long LastUse { get; set; }
    }
}
