using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Takes the rows that cannot be loaded: raises their error, counts them or keeps them, as the
/// statement says. What is kept is taken by whoever writes it down.
/// </summary>
internal sealed class CopyRejects(CopyOptions options, string file)
{
    private const int TextLengthMax = 4096;
    private List<RejectedRow> _rows = [];

    /// <summary>How many rows were rejected.</summary>
    public long Count { get; private set; }

    /// <summary>Rejects a row.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="column">The column at fault and its place from 1, if it is one.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="raw">The row as the file has it.</param>
    public void Add(
        long line,
        (int Number, string Name)? column,
        NeuroStoreException error,
        ReadOnlySpan<byte> raw)
    {
        if (options.OnError == CopyErrorAction.Stop)
        {
            throw Located(line, column, error, "Nothing was loaded.");
        }

        if (++Count > options.ErrorCountMax)
        {
            throw Located(
                line,
                column,
                error,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"That is one more than MAX_ERRORS, {options.ErrorCountMax}; nothing was "
                    + $"loaded."));
        }

        if (options.OnError == CopyErrorAction.Quarantine)
        {
            string text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, TextLengthMax)]);
            _rows.Add(new RejectedRow(line, column?.Name, error.Message, text));
        }
    }

    /// <summary>The rows that were kept since the last call.</summary>
    public IReadOnlyList<RejectedRow> Take()
    {
        if (_rows.Count == 0)
        {
            return [];
        }

        List<RejectedRow> taken = _rows;
        _rows = [];
        return taken;
    }

    private NeuroStoreException Located(
        long line,
        (int Number, string Name)? column,
        NeuroStoreException error,
        string outcome)
    {
        string place = column is (int number, string name)
            ? string.Create(
                CultureInfo.InvariantCulture, $"line {line}, column {number} ({name})")
            : string.Create(CultureInfo.InvariantCulture, $"line {line}");
        string message = $"{file}, {place}: {error.Message} {outcome}";
        return error is ConstraintException
            ? new ConstraintException(error.Code, message)
            : new NeuroStoreException(error.Code, message, default, error);
    }
}
