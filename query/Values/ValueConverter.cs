namespace NeuroDb.Query;

/// <summary>
/// Converts single values between types. CAST rounds as PostgreSQL does: doubles half to even,
/// decimals half away from zero. Assignment refuses what would change the value, except that a
/// decimal or double becomes the nearest value of a floating-point column.
/// </summary>
internal static class ValueConverter
{
    /// <summary>Converts a value; NULL stays NULL.</summary>
    public static Value Convert(
        Value value, DataType from, DataType to, CastKind kind, SourcePosition position)
    {
        if (value.IsNull)
        {
            return Value.Null;
        }

        if (from.Kind == TypeKind.Text)
        {
            return ValueParser.Parse(value.AsText(), to, position);
        }

        if (from.Kind == TypeKind.Array || to.Kind == TypeKind.Array)
        {
            return ArrayConverter.Convert(value, from, to, kind, position);
        }

        if (StructConverter.Is(from) || StructConverter.Is(to))
        {
            return StructConverter.Convert(value, from, to, kind, position);
        }

        if (from.Kind == TypeKind.BitString || to.Kind == TypeKind.BitString)
        {
            return BitStrings.Convert(value, from, to, kind, position);
        }

        return to.Kind switch
        {
            TypeKind.Enum => EnumLabels.Convert(value, from, to, position),
            TypeKind.Text => Value.Of(ValueText.Format(Retype(value, from))),
            TypeKind.Boolean => ToBoolean(value, from, kind, position),
            TypeKind.Integer or TypeKind.BigInt => ToInteger(value, from, to, kind, position),
            TypeKind.Real or TypeKind.Double or TypeKind.Score or TypeKind.Distance =>
                ToFloatingPoint(value, from, to, kind, position),
            TypeKind.Decimal => ToDecimal(value, from, to, kind, position),
            TypeKind.Date => ToDate(value, kind, position),
            TypeKind.Time => Value.OfTime(DateTimeText.ClockOf(
                from.Kind == TypeKind.Interval
                    ? value.AsInterval().Microseconds : value.AsInt64())),
            TypeKind.Interval => Value.Of(new TimeInterval(0, 0, value.AsInt64())),
            TypeKind.Timestamp or TypeKind.TimestampTz => Value.OfInt64(
                to.Kind,
                from.Kind == TypeKind.Date
                    ? checked(value.AsInt64() * DateTimeText.MicrosecondsPerDay)
                    : value.AsInt64()),
            _ when to.IsVector => ToVector(value, from, to, kind, position),
            TypeKind.Blob => ToBlob(value, from, to, position),
            TypeKind.Uuid => ToUuid(value, position),
            _ => throw Invariant.Broken($"a conversion of {from} to {to}"),
        };
    }

    private static Value Retype(Value value, DataType from) =>
        from.Physical switch
        {
            PhysicalKind.Int64 => Value.OfInt64(from.Kind, value.AsInt64()),
            PhysicalKind.Double => Value.OfDouble(from.Kind, value.AsDouble()),
            _ => value,
        };

    private static Value ToBoolean(
        Value value, DataType from, CastKind kind, SourcePosition position)
    {
        long truth = from.Physical switch
        {
            PhysicalKind.Int64 => value.AsInt64(),
            PhysicalKind.Decimal => value.AsDecimal() == 0 ? 0 : 1,
            _ => value.AsDouble() == 0 ? 0 : 1,
        };
        if (kind == CastKind.Assignment && truth is not (0 or 1))
        {
            throw Inexact(value, from, DataType.Boolean, position);
        }

        return Value.Of(truth != 0);
    }

    private static Value ToInteger(
        Value value, DataType from, DataType to, CastKind kind, SourcePosition position)
    {
        const double Limit = 9223372036854775808.0;
        switch (from.Physical)
        {
            case PhysicalKind.Int64:
                long number = value.AsInt64();
                return to.HasInteger(number)
                    ? Value.OfInt64(to.Kind, number)
                    : throw OutOfRange(value, from, to, position);
            case PhysicalKind.Double:
                double rounded = Math.Round(value.AsDouble(), MidpointRounding.ToEven);
                if (kind == CastKind.Assignment && rounded != value.AsDouble())
                {
                    throw Inexact(value, from, to, position);
                }

                return rounded >= -Limit && rounded < Limit && to.HasInteger((long)rounded)
                    ? Value.OfInt64(to.Kind, (long)rounded)
                    : throw OutOfRange(value, from, to, position);
            default:
                decimal whole = Math.Round(value.AsDecimal(), MidpointRounding.AwayFromZero);
                if (kind == CastKind.Assignment && whole != value.AsDecimal())
                {
                    throw Inexact(value, from, to, position);
                }

                return whole is >= long.MinValue and <= long.MaxValue && to.HasInteger((long)whole)
                    ? Value.OfInt64(to.Kind, (long)whole)
                    : throw OutOfRange(value, from, to, position);
        }
    }

    private static Value ToFloatingPoint(
        Value value, DataType from, DataType to, CastKind kind, SourcePosition position)
    {
        double number = from.Physical switch
        {
            PhysicalKind.Int64 => value.AsInt64(),
            PhysicalKind.Decimal => NearestDouble.Of(value.AsDecimal()),
            _ => value.AsDouble(),
        };
        double result = to.Kind == TypeKind.Real ? (float)number : number;
        if (double.IsInfinity(result) && double.IsFinite(number))
        {
            throw OutOfRange(value, from, to, position);
        }

        if (kind == CastKind.Assignment && from.Physical == PhysicalKind.Int64
            && (Int128)result != value.AsInt64())
        {
            throw Inexact(value, from, to, position);
        }

        return Value.OfDouble(to.Kind, result);
    }

    private static Value ToDecimal(
        Value value, DataType from, DataType to, CastKind kind, SourcePosition position)
    {
        decimal number;
        switch (from.Physical)
        {
            case PhysicalKind.Int64:
                number = value.AsInt64();
                break;
            case PhysicalKind.Decimal:
                number = value.AsDecimal();
                break;
            default:
                double source = value.AsDouble();
                if (!(Math.Abs(source) < 7.9e28))
                {
                    throw OutOfRange(value, from, to, position);
                }

                // The digits that a REAL has, not those that it gets as a double.
                number = from.Kind == TypeKind.Real ? (decimal)(float)source : (decimal)source;
                if (kind == CastKind.Assignment && (double)number != source)
                {
                    throw Inexact(value, from, to, position);
                }

                break;
        }

        decimal fitted = DecimalScale.Fit(number, to, position);
        return kind == CastKind.Assignment && fitted != number
            ? throw Inexact(value, from, to, position)
            : Value.Of(fitted);
    }

    private static Value ToDate(Value value, CastKind kind, SourcePosition position)
    {
        (long days, long rest) = Math.DivRem(value.AsInt64(), DateTimeText.MicrosecondsPerDay);
        if (rest != 0 && kind == CastKind.Assignment)
        {
            throw Inexact(value, DataType.Timestamp, DataType.Date, position);
        }

        return Value.OfDate(rest < 0 ? days - 1 : days);
    }

    private static Value ToVector(
        Value value, DataType from, DataType to, CastKind kind, SourcePosition position)
    {
        if (from.Kind == TypeKind.Json)
        {
            return ValueParser.Parse(value.AsText(), to, position);
        }

        return from.Kind == TypeKind.Blob
            ? VectorBytes.Read(value.AsBlob(), to, position)
            : VectorConverter.Convert(value, to, kind, position);
    }

    private static Value ToBlob(
        Value value, DataType from, DataType to, SourcePosition position)
    {
        if (from.Kind == TypeKind.Blob)
        {
            EncodedValues.Check(value.AsBlob(), to, position);
            return value;
        }

        Invariant.Check(from.Kind == TypeKind.Uuid);
        byte[] bytes = value.AsUuid().ToByteArray(bigEndian: true);
        EncodedValues.Check(bytes, to, position);
        return Value.Of(bytes);
    }

    private static Value ToUuid(Value value, SourcePosition position)
    {
        byte[] bytes = value.AsBlob();
        return bytes.Length == 16
            ? Value.Of(new Guid(bytes, bigEndian: true))
            : throw ValueParser.Invalid(
                ValueText.FormatBlob(bytes), DataType.Uuid, position);
    }

    private static NeuroStoreException OutOfRange(
        Value value, DataType from, DataType to, SourcePosition position) => new(
            ErrorCode.NumericOutOfRange,
            $"{ValueText.Format(Retype(value, from))} does not fit {to}.",
            position);

    private static NeuroStoreException Inexact(
        Value value, DataType from, DataType to, SourcePosition position) => new(
            ErrorCode.InvalidConversion,
            $"{ValueText.Format(Retype(value, from))} of type {from} is no exact {to}; "
            + "write CAST(... AS ...) to convert it with loss.",
            position);
}
