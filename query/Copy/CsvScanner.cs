using System.Numerics;
using System.Runtime.CompilerServices;

namespace NeuroDb.Query;

/// <summary>
/// Cuts a CSV file into records and fields, RFC 4180: fields in quotes may hold delimiters, line
/// ends and doubled quotes; records end with LF, CRLF or CR. A quote inside a field that does not
/// begin with one is text. A record that the buffer does not hold whole is scanned again when it
/// does.
/// </summary>
internal sealed class CsvScanner
{
    private readonly CopyInput _input;
    private readonly CsvMask _mask;
    private readonly byte _delimiter;
    private readonly byte _quote;
    private readonly byte _escape;
    private (int Start, int Length, bool IsQuoted, bool HasEscapes)[] _fields =
        new (int, int, bool, bool)[16];

    private byte[] _unescaped = [];
    private int _block;
    private ulong _bits;
    private int _recordEnd;
    private int _faultOffset;
    private long _nextLine = 1;
    private int _lineEnds;

    /// <summary>Begins at the start of an input.</summary>
    public CsvScanner(CopyInput input, CopyOptions options)
    {
        _input = input;
        _delimiter = options.Delimiter;
        _quote = options.Quote;
        _escape = options.Escape;
        _mask = new CsvMask(_delimiter, _quote, _escape);
        Restart();
    }

    /// <summary>How many fields the record has.</summary>
    public int FieldCount { get; private set; }

    /// <summary>The line that the record begins in, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong with the record; its fields mean nothing then.</summary>
    public CsvFault Fault { get; private set; }

    /// <summary>Whether the record is an empty line.</summary>
    public bool IsBlank => FieldCount == 1 && _fields[0] is { Length: 0, IsQuoted: false };

    /// <summary>The bytes of the record, without its line end.</summary>
    public ReadOnlySpan<byte> Raw =>
        _input.Buffer.AsSpan(_input.Start, _recordEnd - _input.Start).TrimEnd("\r\n"u8);

    /// <summary>Goes to the next record; false at the end of the file.</summary>
    public bool TryNext()
    {
        Leave();
        if (_input.Start == _input.End)
        {
            if (_input.IsAtEnd || !_input.Refill())
            {
                return false;
            }

            Restart();
        }

        while (!Scan())
        {
            _input.Refill();
            Restart();
        }

        Line = _nextLine;
        _nextLine += _lineEnds + 1;
        return true;
    }

    /// <summary>Whether a field stood in quotes.</summary>
    public bool IsQuoted(int field) => _fields[field].IsQuoted;

    /// <summary>The bytes of a field; valid until the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Field(int field)
    {
        Invariant.Check((uint)field < (uint)FieldCount);
        ref readonly (int Start, int Length, bool IsQuoted, bool HasEscapes) place =
            ref _fields[field];
        ReadOnlySpan<byte> bytes = _input.Buffer.AsSpan(place.Start, place.Length);
        return place.HasEscapes ? Unescape(bytes) : bytes;
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> bytes)
    {
        if (_unescaped.Length < bytes.Length)
        {
            _unescaped = new byte[Math.Max(bytes.Length, 256)];
        }

        int count = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            bool isEscape = bytes[i] == _escape && i + 1 < bytes.Length
                && (bytes[i + 1] == _quote || bytes[i + 1] == _escape);
            i += isEscape ? 1 : 0;
            _unescaped[count++] = bytes[i];
        }

        return _unescaped.AsSpan(0, count);
    }

    /// <summary>Steps behind the record; behind a malformed one, to a line that begins.</summary>
    private void Leave()
    {
        if (Fault == CsvFault.None)
        {
            _input.Start = _recordEnd;
            return;
        }

        _input.Start = _faultOffset;
        Fault = CsvFault.None;
        while (true)
        {
            int end = _input.Available.IndexOf((byte)'\n');
            if (end >= 0)
            {
                _input.Start += end + 1;
                break;
            }

            _input.Start = _input.End;
            if (_input.IsAtEnd || !_input.Refill())
            {
                break;
            }
        }

        _recordEnd = _input.Start;
        Restart();
    }

    private void Restart()
    {
        _recordEnd = _input.Start;
        _block = _input.Start;
        _bits = LoadBlock();
    }

    /// <summary>Finds the fields of a record; false if the buffer ends before it does.</summary>
    private bool Scan()
    {
        byte[] buffer = _input.Buffer;
        int end = _input.End;
        bool isLast = _input.IsAtEnd;
        int start = _input.Start;
        FieldCount = 0;
        _lineEnds = 0;
        while (true)
        {
            int special = NextSpecial(end);
            if (special == start && buffer[special] == _quote && _quote != 0)
            {
                special = ScanQuoted(start, end, isLast);
                if (Fault != CsvFault.None)
                {
                    return true;
                }
            }
            else
            {
                while (special >= 0 && IsText(buffer[special]))
                {
                    special = NextSpecial(end);
                }

                if (special >= 0 || isLast)
                {
                    AddField(start, (special < 0 ? end : special) - start, false, false);
                }
            }

            if (special < 0)
            {
                _recordEnd = end;
                return isLast;
            }

            if (buffer[special] == _delimiter)
            {
                start = special + 1;
                continue;
            }

            return EndRecord(buffer, special, end, isLast);
        }
    }

    private bool EndRecord(byte[] buffer, int special, int end, bool isLast)
    {
        _recordEnd = special + 1;
        if (buffer[special] == '\n')
        {
            return true;
        }

        if (_recordEnd == end)
        {
            return isLast;
        }

        if (buffer[_recordEnd] == '\n')
        {
            NextSpecial(end);
            _recordEnd++;
        }

        return true;
    }

    /// <summary>
    /// Finds the end of a field in quotes and gives the special behind it; -1 at the end of the
    /// buffer.
    /// </summary>
    private int ScanQuoted(int start, int end, bool isLast)
    {
        byte[] buffer = _input.Buffer;
        bool hasEscapes = false;
        while (true)
        {
            int special = NextSpecial(end);
            if (special < 0)
            {
                return isLast ? Fail(CsvFault.UnterminatedQuote, _input.Start, end) : -1;
            }

            byte found = buffer[special];
            bool hasNext = special + 1 < end;
            if (found == '\n')
            {
                _lineEnds++;
            }
            else if ((found == _quote || found == _escape) && !hasNext && !isLast)
            {
                return -1;
            }
            else if (found == _escape && hasNext
                && (buffer[special + 1] == _quote
                    || (_escape != _quote && buffer[special + 1] == _escape)))
            {
                NextSpecial(end);
                hasEscapes = true;
            }
            else if (found == _quote)
            {
                AddField(start + 1, special - start - 1, true, hasEscapes);
                return BehindQuote(special, end);
            }
        }
    }

    private int BehindQuote(int quote, int end)
    {
        int next = quote + 1;
        if (next == end)
        {
            return -1;
        }

        byte found = _input.Buffer[next];
        return found == _delimiter || found is (byte)'\r' or (byte)'\n'
            ? NextSpecial(end)
            : Fail(CsvFault.TextBehindQuote, next, next);
    }

    private int Fail(CsvFault fault, int offset, int recordEnd)
    {
        Fault = fault;
        _faultOffset = offset;
        _recordEnd = recordEnd;

        // An unterminated quote is one line that is wrong; the lines behind it are read again.
        _lineEnds = fault == CsvFault.UnterminatedQuote ? 0 : _lineEnds;
        return -1;
    }

    private bool IsText(byte special) =>
        special != _delimiter && special is not ((byte)'\n' or (byte)'\r');

    private void AddField(int start, int length, bool isQuoted, bool hasEscapes)
    {
        if (FieldCount == _fields.Length)
        {
            Array.Resize(ref _fields, _fields.Length * 2);
        }

        _fields[FieldCount++] = (start, length, isQuoted, hasEscapes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NextSpecial(int end)
    {
        while (_bits == 0)
        {
            _block += CsvMask.WidthBytes;
            if (_block >= end)
            {
                _block = end;
                return -1;
            }

            _bits = LoadBlock();
        }

        int offset = _block + BitOperations.TrailingZeroCount(_bits);
        _bits &= _bits - 1;
        return offset;
    }

    private ulong LoadBlock()
    {
        int left = _input.End - _block;
        if (left <= 0)
        {
            return 0;
        }

        ulong bits = _mask.Of(_input.Buffer.AsSpan(_block, CsvMask.WidthBytes));
        return left >= CsvMask.WidthBytes ? bits : bits & ((1UL << left) - 1);
    }
}
