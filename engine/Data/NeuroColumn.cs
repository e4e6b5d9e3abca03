using System.Data.Common;
using NeuroDb.Query;

namespace NeuroDb.Data;

/// <summary>What is known of a result's column.</summary>
public sealed class NeuroColumn : DbColumn
{
    internal NeuroColumn(OutputColumn column, int ordinal)
    {
        ColumnName = column.Name;
        ColumnOrdinal = ordinal;
        AllowDBNull = column.IsNullable;
        BaseTableName = column.Table;
        BaseColumnName = column.Table is null ? null : column.Name;
        IsExpression = column.Table is null;
        IsReadOnly = column.Table is null;
        DataType = SqlTypes.ClrType(column.Type);
        DataTypeName = column.Type.ToString();
        SqlType = column.Type;
        IsLong = column.Type.Kind == TypeKind.Blob;
        if (column.Type.Kind == TypeKind.Decimal && column.Type.Length > 0)
        {
            NumericPrecision = column.Type.IsUBigInt ? 20 : column.Type.Length;
            NumericScale = column.Type.Scale;
        }
    }

    /// <summary>The SQL type, with its parameters.</summary>
    public DataType SqlType { get; }
}
