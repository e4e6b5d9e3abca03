using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace NeuroDb.Data;

/// <summary>
/// A parameter of a command. Its name may be written with or without the prefix of the SQL text
/// (@name, :name, $name); parameters without a name take the ? in their order.
/// </summary>
public sealed class NeuroParameter : DbParameter
{
    private string _name = string.Empty;
    private string _sourceColumn = string.Empty;
    private DbType? _dbType;
    private ParameterDirection _direction = ParameterDirection.Input;

    /// <summary>Makes a parameter without name and value.</summary>
    public NeuroParameter()
    {
    }

    /// <summary>Makes a parameter without a name, for the next ? of the text.</summary>
    public NeuroParameter(object? value) => Value = value;

    /// <summary>Makes a parameter.</summary>
    public NeuroParameter(string? name, object? value)
    {
        ParameterName = name;
        Value = value;
    }

    /// <summary>The type asked for; without one, that of the value.</summary>
    public override DbType DbType
    {
        get => _dbType ?? TypeOf(Value);
        set => _dbType = value;
    }

    /// <summary>Input; the engine has no output parameters.</summary>
    public override ParameterDirection Direction
    {
        get => _direction;
        set => _direction = value == ParameterDirection.Input
            ? value
            : throw new ArgumentException(
                "Only input parameters exist; read results with RETURNING.", nameof(value));
    }

    /// <inheritdoc/>
    public override bool IsNullable { get; set; }

    /// <inheritdoc/>
    [AllowNull]
    public override string ParameterName
    {
        get => _name;
        set => _name = value ?? string.Empty;
    }

    /// <inheritdoc/>
    public override int Size { get; set; }

    /// <inheritdoc/>
    [AllowNull]
    public override string SourceColumn
    {
        get => _sourceColumn;
        set => _sourceColumn = value ?? string.Empty;
    }

    /// <inheritdoc/>
    public override bool SourceColumnNullMapping { get; set; }

    /// <inheritdoc/>
    public override DataRowVersion SourceVersion { get; set; } = DataRowVersion.Current;

    /// <summary>
    /// The value; <see cref="DBNull.Value"/> is NULL, and null stands for a value not yet set.
    /// </summary>
    public override object? Value { get; set; }

    /// <inheritdoc/>
    public override void ResetDbType() => _dbType = null;

    /// <summary>The name without its prefix.</summary>
    internal ReadOnlySpan<char> BareName =>
        _name.Length > 0 && _name[0] is '@' or ':' or '$' ? _name.AsSpan(1) : _name.AsSpan();

    /// <summary>The SQL value, converted to the type asked for where that changes it.</summary>
    internal Value ToValue()
    {
        if (Value is null)
        {
            throw new InvalidOperationException(
                $"The parameter {_name} has no value; use DBNull.Value for NULL.");
        }

        object value = Size > 0 ? Truncate(Value) : Value;
        return ParameterConverter.ToValue((_dbType, value) switch
        {
            (DbType.Date, DateTime time) => DateOnly.FromDateTime(time),
            (DbType.Time, DateTime time) => TimeOnly.FromDateTime(time),
            (DbType.Time, TimeSpan time) when time >= TimeSpan.Zero && time.Days == 0 =>
                TimeOnly.FromTimeSpan(time),
            _ => value,
        });
    }

    private object Truncate(object value) => value switch
    {
        string text when text.Length > Size => text[..Size],
        byte[] bytes when bytes.Length > Size => bytes[..Size],
        _ => value,
    };

    private static DbType TypeOf(object? value) => value switch
    {
        bool => DbType.Boolean,
        byte => DbType.Byte,
        sbyte => DbType.SByte,
        short => DbType.Int16,
        ushort => DbType.UInt16,
        int => DbType.Int32,
        uint => DbType.UInt32,
        long => DbType.Int64,
        ulong => DbType.UInt64,
        float => DbType.Single,
        double => DbType.Double,
        decimal => DbType.Decimal,
        DateTime => DbType.DateTime,
        DateTimeOffset => DbType.DateTimeOffset,
        DateOnly => DbType.Date,
        TimeOnly => DbType.Time,
        Guid => DbType.Guid,
        sbyte[] when value.GetType() == typeof(sbyte[]) => DbType.Object,
        byte[] or ReadOnlyMemory<byte> or Stream => DbType.Binary,
        float[] or ReadOnlyMemory<float> or Half[] or ReadOnlyMemory<Half>
            or ReadOnlyMemory<sbyte> or System.Collections.BitArray => DbType.Object,
        _ => DbType.String,
    };
}
