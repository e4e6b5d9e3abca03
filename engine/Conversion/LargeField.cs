namespace NeuroDb;

/// <summary>
/// A large value of the current row, read in pieces by GetBytes and GetChars; owned by the cursor,
/// which closes it when it goes on.
/// </summary>
internal sealed class LargeField(int ordinal, LargeValue value) : IDisposable
{
    private ILargeValueReader? _bytes;
    private LargeTextCursor? _text;

    /// <summary>The column.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>The bytes of the value.</summary>
    public ILargeValueReader Bytes => _bytes ??= value.Open();

    /// <summary>The characters of the value.</summary>
    public LargeTextCursor Text => _text ??= new LargeTextCursor(value);

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes?.Dispose();
        _text?.Dispose();
    }
}
