using System.Collections.Concurrent;

namespace NeuroDb.Query;

/// <summary>
/// What keeps values from being made, by table and column, and which rows are left out for it until
/// they are tried again.
/// </summary>
internal sealed class AnswerProblems
{
    private const int LeftOutMax = 10_000;

    private readonly ConcurrentDictionary<(int Table, int Column), string> _errors = [];
    private readonly HashSet<(int Table, int Column, long Row)> _leftOut = [];

    /// <summary>The last error of a column, or null; any thread may ask.</summary>
    public string? ErrorOf(int table, int column) => _errors.GetValueOrDefault((table, column));

    /// <summary>Notes an error of a column.</summary>
    public void Add(int table, int column, string error) => _errors[(table, column)] = error;

    /// <summary>Notes that a column is complete.</summary>
    public void Clear(int table, int column) => _errors.TryRemove((table, column), out _);

    /// <summary>Leaves a row out.</summary>
    public void LeaveOut(int table, int column, long row)
    {
        if (_leftOut.Count >= LeftOutMax)
        {
            _leftOut.Clear();
        }

        _leftOut.Add((table, column, row));
    }

    /// <summary>Whether a row is left out.</summary>
    public bool IsLeftOut(int table, int column, long row) =>
        _leftOut.Count > 0 && _leftOut.Contains((table, column, row));

    /// <summary>Tries all rows again.</summary>
    public void TryAgain() => _leftOut.Clear();
}
