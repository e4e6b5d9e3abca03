namespace NeuroDb.Query;

/// <summary>
/// Loops of 64-bit integer arithmetic. Overflow is noticed over the whole batch first; only then
/// is it looked for in the rows that are not NULL, so that the usual case has no branch for it.
/// </summary>
internal static class LongArithmetic
{
    /// <summary>left + right; false if a row that is not NULL overflows.</summary>
    public static bool Add(Operand<long> left, Operand<long> right, long[] sum, byte[]? nulls)
    {
        long overflow = 0;
        for (int i = 0; i < sum.Length; i++)
        {
            long a = left[i];
            long b = right[i];
            long s = unchecked(a + b);
            sum[i] = s;
            overflow |= (a ^ s) & (b ^ s);
        }

        if (overflow >= 0)
        {
            return true;
        }

        for (int i = 0; i < sum.Length; i++)
        {
            if (IsPresent(nulls, i) && ((left[i] ^ sum[i]) & (right[i] ^ sum[i])) < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>left - right; false if a row that is not NULL overflows.</summary>
    public static bool Subtract(
        Operand<long> left, Operand<long> right, long[] difference, byte[]? nulls)
    {
        long overflow = 0;
        for (int i = 0; i < difference.Length; i++)
        {
            long a = left[i];
            long b = right[i];
            long d = unchecked(a - b);
            difference[i] = d;
            overflow |= (a ^ b) & (a ^ d);
        }

        if (overflow >= 0)
        {
            return true;
        }

        for (int i = 0; i < difference.Length; i++)
        {
            long a = left[i];
            if (IsPresent(nulls, i) && ((a ^ right[i]) & (a ^ difference[i])) < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>left * right; false if a row that is not NULL overflows.</summary>
    public static bool Multiply(
        Operand<long> left, Operand<long> right, long[] product, byte[]? nulls)
    {
        long overflow = 0;
        for (int i = 0; i < product.Length; i++)
        {
            long high = Math.BigMul(left[i], right[i], out long low);
            product[i] = low;
            overflow |= high ^ (low >> 63);
        }

        if (overflow == 0)
        {
            return true;
        }

        for (int i = 0; i < product.Length; i++)
        {
            if (IsPresent(nulls, i)
                && (Math.BigMul(left[i], right[i], out long low) ^ (low >> 63)) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>left / right, toward zero; NULL for 0; false if a present row overflows.</summary>
    public static bool Divide(
        Operand<long> left, Operand<long> right, long[] quotient, ref byte[]? nulls)
    {
        for (int i = 0; i < quotient.Length; i++)
        {
            long divisor = right[i];
            if (divisor == 0)
            {
                nulls ??= new byte[quotient.Length];
                nulls[i] = 1;
            }
            else if (divisor == -1)
            {
                quotient[i] = unchecked(-left[i]);
                if (left[i] == long.MinValue && IsPresent(nulls, i))
                {
                    return false;
                }
            }
            else
            {
                quotient[i] = left[i] / divisor;
            }
        }

        return true;
    }

    /// <summary>left % right with the sign of left; NULL for 0.</summary>
    public static void Modulo(
        Operand<long> left, Operand<long> right, long[] remainder, ref byte[]? nulls)
    {
        for (int i = 0; i < remainder.Length; i++)
        {
            long divisor = right[i];
            if (divisor == 0)
            {
                nulls ??= new byte[remainder.Length];
                nulls[i] = 1;
            }
            else
            {
                remainder[i] = divisor == -1 ? 0 : left[i] % divisor;
            }
        }
    }

    private static bool IsPresent(byte[]? nulls, int row) => nulls is null || nulls[row] == 0;
}
