internal static readonly GpuKernel<WalkArguments> WalkKernel = new("Walk", Walk, threads: 256);

internal struct WalkArguments
{
    public ArrayView<float> Parameters;
    public ArrayView<float> Common;
    public ArrayView<float> Scratch;
    public ArrayView<float> Sequence;
    public int Examples;
    public int Steps;
}

// All steps of time: a group takes 4 examples through them.
private static void Walk(WalkArguments args)
{
    ArrayView<float> values = SharedMemory.Allocate<float>(1344);
    ArrayView<float> shared = SharedMemory.Allocate<float>(256);
    int all = args.Examples * args.Steps;
    const int CellHyperBias = 240; // [16]
    const int CellHyperGateNormGain = 256; // [4, 4]
    const int CellHyperGateNormShift = 272; // [4, 4]
    const int CellHyperCellNormGain = 288; // [4]
    const int CellHyperCellNormShift = 304; // [4]
    const int CellScaleEmbeddingBias = 384; // [16]
    const int CellBias = 976; // [32]
    const int CellGateNormGain = 1008; // [4, 8]
    const int CellGateNormShift = 1040; // [4, 8]
    const int CellCellNormGain = 1072; // [8]
    const int CellCellNormShift = 1088; // [8]
    const int CellHyperFromStateTransposed = 1104; // [4, 16]
    const int CellHyperFromInputTransposed = 1168; // [8, 16]
    const int CellScaleEmbeddingWeightTransposed = 1296; // [4, 16]
    const int CellBiasEmbeddingWeightTransposed = 1360; // [4, 8]
    const int CellScaleTransposed = 1392; // [8, 2, 8]
    const int CellBiasScaleTransposed = 1520; // [4, 2, 8]
    const int CellFromStateTransposed = 1584; // [8, 32]
    const int CellHyperC = 16; // [examples] × [4]
    const int CellH = 32; // [examples] × [8]
    const int CellC = 48; // [examples] × [8]
    const int CellFromInputProduct = 16; // [steps] × [examples] × [32]
    const int H = 48; // [steps] × [examples] × [8]
    const int CellHyperH_2 = 0; // [4] × [4]
    const int CellH_2 = 16; // [4] × [8]
    const int CellHyperC_2 = 48; // [4] × [4]
    const int CellC_2 = 64; // [4] × [8]
    const int CellHyperFromStateProduct = 96; // [4] × [16]
    const int CellHyperFromInputProduct_2 = 160; // [4] × [16]
    const int Gates = 224; // [4] × [16]
    const int Gates_2 = 288; // [4] × [4, 4]
    const int C = 352; // [4] × [4]
    const int H_2 = 368; // [4] × [4]
    const int Y = 384; // [4] × [16]
    const int Z = 448; // [4] × [16]
    const int Y_2 = 512; // [4] × [8]
    const int D = 544; // [4] × [8, 8]
    const int CellBiasScaleProduct = 800; // [4] × [4, 8]
    const int CellFromStateProduct = 928; // [4] × [32]
    const int Gates_3 = 1056; // [4] × [32]
    const int Gates_4 = 1184; // [4] × [4, 8]
    const int C_2 = 1312; // [4] × [8]
    int first = Grid.IdxX * 4;
    int rows = Math.Min(4, args.Examples - first);

    // cellHyperH
    {
        for (int index = Group.IdxX; index < rows * 4; index += 256)
        {
            int column = index % 4;
            int local = index / 4;
            float cellHyperH_0 = args.Scratch[((first + local) * 4) + column];
            values[CellHyperH_2 + (local * 4) + column] = cellHyperH_0;
        }
    }

    // cellH
    {
        for (int index = Group.IdxX; index < rows * 8; index += 256)
        {
            int column = index % 8;
            int local = index / 8;
            float cellH_0 = args.Scratch[(CellH * args.Examples) + ((first + local) * 8) + column];
            values[CellH_2 + (local * 8) + column] = cellH_0;
        }
    }

    // cellHyperC
    {
        for (int index = Group.IdxX; index < rows * 4; index += 256)
        {
            int column = index % 4;
            int local = index / 4;
            float cellHyperC_0 = args.Scratch[(CellHyperC * args.Examples) + ((first + local) * 4) + column];
            values[CellHyperC_2 + (local * 4) + column] = cellHyperC_0;
        }
    }

    // cellC
    {
        for (int index = Group.IdxX; index < rows * 8; index += 256)
        {
            int column = index % 8;
            int local = index / 8;
            float cellC_0 = args.Scratch[(CellC * args.Examples) + ((first + local) * 8) + column];
            values[CellC_2 + (local * 8) + column] = cellC_0;
        }
    }
    for (int t = 0; t < args.Steps; t++)
    {
        int present = (t * args.Examples) + first;
        Group.Barrier();

        // cellHyperFromStateProduct = cellHyperH · cellHyperFromState
        {
            int mine = Group.IdxX / 16;
            int row0 = mine;
            for (int output = Group.IdxX % 16; output < 16 && mine < rows; output += 16)
            {
                int right = output;
                float sum0 = 0f;
                for (int inner = 0; inner < 4; inner++)
                {
                    float weight = args.Common[CellHyperFromStateTransposed + right + (inner * 16)];
                    sum0 += values[CellHyperH_2 + (row0 * 4) + inner] * weight;
                }
                values[CellHyperFromStateProduct + (row0 * 16) + output] = sum0;
            }
        }

        // cellHyperFromInputProduct_2 = cellH · cellHyperFromInput
        {
            int mine = Group.IdxX / 16;
            int row0 = mine;
            for (int output = Group.IdxX % 16; output < 16 && mine < rows; output += 16)
            {
                int right = output;
                float sum0 = 0f;
                for (int inner = 0; inner < 8; inner++)
                {
                    float weight = args.Common[CellHyperFromInputTransposed + right + (inner * 16)];
                    sum0 += values[CellH_2 + (row0 * 8) + inner] * weight;
                }
                values[CellHyperFromInputProduct_2 + (row0 * 16) + output] = sum0;
            }
        }
        Group.Barrier();

        // gates = gates + cell.hyper.bias
        {
            for (int index = Group.IdxX; index < rows * 16; index += 256)
            {
                int column = index % 16;
                int local = index / 16;
                float cellHyperFromInputProduct_0 = values[CellHyperFromInputProduct_2 + (local * 16) + column];
                float cellHyperFromInputProduct_1 = args.Sequence[((present + local) * 16) + column];
                float add_2 = cellHyperFromInputProduct_0 + cellHyperFromInputProduct_1;
                float cellHyperFromStateProduct_3 = values[CellHyperFromStateProduct + (local * 16) + column];
                float add_4 = cellHyperFromStateProduct_3 + add_2;
                float cellHyperBias_5 = args.Parameters[CellHyperBias + column];
                float add_6 = add_4 + cellHyperBias_5;
                values[Gates + (local * 16) + column] = add_6;
            }
        }
        Group.Barrier();

        // gates = centred * (1 / sqrt(total * 0.25 + 0.001)) * cell.hyper.gateNorm.gain + cell.hyper.gateNorm.shift
        {
            int lane = Group.IdxX % 4;
            int place = (Group.IdxX / 4);
            bool inside = place < rows * 4;
            int row = inside ? place : 0;
            int row0 = row % 4;
            int local = row / 4;
            float sum_1All = 0f;
            for (int column = lane; column < 4; column += 4)
            {
                float gates_0 = values[Gates + (local * 16) + (row0 * 4) + column];
                sum_1All += gates_0;
            }
            float sum_1 = GroupReduction.Sum(shared, sum_1All, 4);
            float multiply_3 = sum_1 * 0.25f;
            float sum_6All = 0f;
            for (int column = lane; column < 4; column += 4)
            {
                float gates_0 = values[Gates + (local * 16) + (row0 * 4) + column];
                float subtract_4 = gates_0 - multiply_3;
                float multiply_5 = subtract_4 * subtract_4;
                sum_6All += multiply_5;
            }
            float sum_6 = GroupReduction.Sum(shared, sum_6All, 4);
            float multiply_7 = sum_6 * 0.25f;
            float add_9 = multiply_7 + 0.001f;
            float sqrt_10 = MathF.Sqrt(add_9);
            float divide_12 = 1f / sqrt_10;
            for (int column = lane; column < 4; column += 4)
            {
                float gates_0 = values[Gates + (local * 16) + (row0 * 4) + column];
                float subtract_4 = gates_0 - multiply_3;
                float multiply_13 = subtract_4 * divide_12;
                float cellHyperGateNormGain_14 = args.Parameters[CellHyperGateNormGain + (row0 * 4) + column];
                float multiply_15 = multiply_13 * cellHyperGateNormGain_14;
                float cellHyperGateNormShift_16 = args.Parameters[CellHyperGateNormShift + (row0 * 4) + column];
                float add_17 = multiply_15 + cellHyperGateNormShift_16;
                if (inside)
                {
                    values[Gates_2 + (local * 16) + (row0 * 4) + column] = add_17;
                }
            }
        }
        Group.Barrier();

        // c = sigmoidOfF * cell.hyper.c + sigmoidOfI * tanhOfG
        // h = sigmoidOfO * tanh(centred * (1 / sqrt(…)) * cell.hyper.cellNorm.gain + cell.hyper.cellNorm.shift)
        {
            int lane = Group.IdxX % 4;
            int place = (Group.IdxX / 4);
            bool inside = place < rows;
            int row = inside ? place : 0;
            int local = row;
            float sum_15All = 0f;
            for (int column = lane; column < 4; column += 4)
            {
                float gates_0 = values[Gates_2 + (local * 16) + 8 + column];
                float add_2 = gates_0 + 1f;
                float sigmoid_3 = DeviceMath.Sigmoid(add_2);
                float cellHyperC_4 = values[CellHyperC_2 + (local * 4) + column];
                float multiply_5 = sigmoid_3 * cellHyperC_4;
                float gates_6 = values[Gates_2 + (local * 16) + column];
                float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
                float gates_8 = values[Gates_2 + (local * 16) + 4 + column];
                float tanh_9 = DeviceMath.Tanh(gates_8);
                float multiply_10 = sigmoid_7 * tanh_9;
                float add_11 = multiply_5 + multiply_10;
                if (inside)
                {
                    values[C + (local * 4) + column] = add_11;
                }
                sum_15All += add_11;
            }
            float sum_15 = GroupReduction.Sum(shared, sum_15All, 4);
            float multiply_17 = sum_15 * 0.25f;
            float sum_20All = 0f;
            for (int column = lane; column < 4; column += 4)
            {
                float gates_0 = values[Gates_2 + (local * 16) + 8 + column];
                float add_2 = gates_0 + 1f;
                float sigmoid_3 = DeviceMath.Sigmoid(add_2);
                float cellHyperC_4 = values[CellHyperC_2 + (local * 4) + column];
                float multiply_5 = sigmoid_3 * cellHyperC_4;
                float gates_6 = values[Gates_2 + (local * 16) + column];
                float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
                float gates_8 = values[Gates_2 + (local * 16) + 4 + column];
                float tanh_9 = DeviceMath.Tanh(gates_8);
                float multiply_10 = sigmoid_7 * tanh_9;
                float add_11 = multiply_5 + multiply_10;
                float subtract_18 = add_11 - multiply_17;
                float multiply_19 = subtract_18 * subtract_18;
                sum_20All += multiply_19;
            }
            float sum_20 = GroupReduction.Sum(shared, sum_20All, 4);
            float multiply_21 = sum_20 * 0.25f;
            float add_23 = multiply_21 + 0.001f;
            float sqrt_24 = MathF.Sqrt(add_23);
            float divide_25 = 1f / sqrt_24;
            for (int column = lane; column < 4; column += 4)
            {
                float gates_0 = values[Gates_2 + (local * 16) + 8 + column];
                float add_2 = gates_0 + 1f;
                float sigmoid_3 = DeviceMath.Sigmoid(add_2);
                float cellHyperC_4 = values[CellHyperC_2 + (local * 4) + column];
                float multiply_5 = sigmoid_3 * cellHyperC_4;
                float gates_6 = values[Gates_2 + (local * 16) + column];
                float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
                float gates_8 = values[Gates_2 + (local * 16) + 4 + column];
                float tanh_9 = DeviceMath.Tanh(gates_8);
                float multiply_10 = sigmoid_7 * tanh_9;
                float add_11 = multiply_5 + multiply_10;
                float gates_13 = values[Gates_2 + (local * 16) + 12 + column];
                float sigmoid_14 = DeviceMath.Sigmoid(gates_13);
                float subtract_18 = add_11 - multiply_17;
                float multiply_26 = subtract_18 * divide_25;
                float cellHyperCellNormGain_27 = args.Parameters[CellHyperCellNormGain + column];
                float multiply_28 = multiply_26 * cellHyperCellNormGain_27;
                float cellHyperCellNormShift_29 = args.Parameters[CellHyperCellNormShift + column];
                float add_30 = multiply_28 + cellHyperCellNormShift_29;
                float tanh_31 = DeviceMath.Tanh(add_30);
                float multiply_32 = sigmoid_14 * tanh_31;
                if (inside)
                {
                    values[H_2 + (local * 4) + column] = multiply_32;
                }
            }
        }
        Group.Barrier();

        // y = h_2 · cellScaleEmbeddingWeight
        {
            int mine = Group.IdxX / 16;
            int row0 = mine;
            for (int output = Group.IdxX % 16; output < 16 && mine < rows; output += 16)
            {
                int right = output;
                float sum0 = 0f;
                for (int inner = 0; inner < 4; inner++)
                {
                    float weight = args.Common[CellScaleEmbeddingWeightTransposed + right + (inner * 16)];
                    sum0 += values[H_2 + (row0 * 4) + inner] * weight;
                }
                values[Y + (row0 * 16) + output] = sum0;
            }
        }
        Group.Barrier();

        // z = y + cell.scaleEmbedding.bias
        {
            for (int index = Group.IdxX; index < rows * 16; index += 256)
            {
                int column = index % 16;
                int local = index / 16;
                float y_0 = values[Y + (local * 16) + column];
                float cellScaleEmbeddingBias_1 = args.Parameters[CellScaleEmbeddingBias + column];
                float add_2 = y_0 + cellScaleEmbeddingBias_1;
                values[Z + (local * 16) + column] = add_2;
            }
        }

        // y_2 = h_2 · cellBiasEmbeddingWeight
        {
            int mine = Group.IdxX / 8;
            int row0 = mine;
            for (int output = Group.IdxX % 8; output < 8 && mine < rows; output += 8)
            {
                int right = output;
                float sum0 = 0f;
                for (int inner = 0; inner < 4; inner++)
                {
                    float weight = args.Common[CellBiasEmbeddingWeightTransposed + right + (inner * 8)];
                    sum0 += values[H_2 + (row0 * 4) + inner] * weight;
                }
                values[Y_2 + (row0 * 8) + output] = sum0;
            }
        }
        Group.Barrier();

        // d = z · cellScale
        {
            int mine = Group.IdxX / 64;
            int row0 = mine;
            for (int output = Group.IdxX % 64; output < 64 && mine < rows; output += 64)
            {
                int left = ((output / 8) * 2);
                int right = ((output / 8) * 16) + (output % 8);
                float sum0 = 0f;
                for (int inner = 0; inner < 2; inner++)
                {
                    float weight = args.Common[CellScaleTransposed + right + (inner * 8)];
                    sum0 += values[Z + (row0 * 16) + left + inner] * weight;
                }
                values[D + (row0 * 64) + ((output / 8) * 8) + (output % 8)] = sum0;
            }
        }

        // cellBiasScaleProduct = y_2 · cellBiasScale
        {
            int mine = Group.IdxX / 32;
            int row0 = mine;
            for (int output = Group.IdxX % 32; output < 32 && mine < rows; output += 32)
            {
                int left = ((output / 8) * 2);
                int right = ((output / 8) * 16) + (output % 8);
                float sum0 = 0f;
                for (int inner = 0; inner < 2; inner++)
                {
                    float weight = args.Common[CellBiasScaleTransposed + right + (inner * 8)];
                    sum0 += values[Y_2 + (row0 * 8) + left + inner] * weight;
                }
                values[CellBiasScaleProduct + (row0 * 32) + ((output / 8) * 8) + (output % 8)] = sum0;
            }
        }

        // cellFromStateProduct = cellH · cellFromState
        {
            int mine = Group.IdxX / 32;
            int row0 = mine;
            for (int output = Group.IdxX % 32; output < 32 && mine < rows; output += 32)
            {
                int right = output;
                float sum0 = 0f;
                for (int inner = 0; inner < 8; inner++)
                {
                    float weight = args.Common[CellFromStateTransposed + right + (inner * 32)];
                    sum0 += values[CellH_2 + (row0 * 8) + inner] * weight;
                }
                values[CellFromStateProduct + (row0 * 32) + output] = sum0;
            }
        }
        Group.Barrier();

        // gates = d * cellFromStateProduct + d * cellFromInputProduct + offset
        {
            for (int index = Group.IdxX; index < rows * 32; index += 256)
            {
                int column = index % 32;
                int local = index / 32;
                float cellBiasScaleProduct_0 = values[CellBiasScaleProduct + (local * 32) + column];
                float cellBias_1 = args.Parameters[CellBias + column];
                float add_2 = cellBiasScaleProduct_0 + cellBias_1;
                float d_3 = values[D + (local * 64) + column];
                float cellFromStateProduct_4 = values[CellFromStateProduct + (local * 32) + column];
                float multiply_5 = d_3 * cellFromStateProduct_4;
                float d_6 = values[D + (local * 64) + 32 + column];
                float cellFromInputProduct_7 = args.Sequence[(CellFromInputProduct * all) + ((present + local) * 32) + column];
                float multiply_8 = d_6 * cellFromInputProduct_7;
                float add_9 = multiply_5 + multiply_8;
                float add_10 = add_9 + add_2;
                values[Gates_3 + (local * 32) + column] = add_10;
            }
        }
        Group.Barrier();

        // gates = centred * (1 / sqrt(total * 0.125 + 0.001)) * cell.gateNorm.gain + cell.gateNorm.shift
        {
            int lane = Group.IdxX % 8;
            int place = (Group.IdxX / 8);
            bool inside = place < rows * 4;
            int row = inside ? place : 0;
            int row0 = row % 4;
            int local = row / 4;
            float sum_1All = 0f;
            for (int column = lane; column < 8; column += 8)
            {
                float gates_0 = values[Gates_3 + (local * 32) + (row0 * 8) + column];
                sum_1All += gates_0;
            }
            float sum_1 = GroupReduction.Sum(shared, sum_1All, 8);
            float multiply_3 = sum_1 * 0.125f;
            float sum_6All = 0f;
            for (int column = lane; column < 8; column += 8)
            {
                float gates_0 = values[Gates_3 + (local * 32) + (row0 * 8) + column];
                float subtract_4 = gates_0 - multiply_3;
                float multiply_5 = subtract_4 * subtract_4;
                sum_6All += multiply_5;
            }
            float sum_6 = GroupReduction.Sum(shared, sum_6All, 8);
            float multiply_7 = sum_6 * 0.125f;
            float add_9 = multiply_7 + 0.001f;
            float sqrt_10 = MathF.Sqrt(add_9);
            float divide_12 = 1f / sqrt_10;
            for (int column = lane; column < 8; column += 8)
            {
                float gates_0 = values[Gates_3 + (local * 32) + (row0 * 8) + column];
                float subtract_4 = gates_0 - multiply_3;
                float multiply_13 = subtract_4 * divide_12;
                float cellGateNormGain_14 = args.Parameters[CellGateNormGain + (row0 * 8) + column];
                float multiply_15 = multiply_13 * cellGateNormGain_14;
                float cellGateNormShift_16 = args.Parameters[CellGateNormShift + (row0 * 8) + column];
                float add_17 = multiply_15 + cellGateNormShift_16;
                if (inside)
                {
                    values[Gates_4 + (local * 32) + (row0 * 8) + column] = add_17;
                }
            }
        }
        Group.Barrier();

        // c = sigmoidOfF * cell.c + sigmoidOfI * tanhOfG
        // h = sigmoidOfO * tanh(centred * (1 / sqrt(add(…))) * cell.cellNorm.gain + cell.cellNorm.shift)
        {
            int lane = Group.IdxX % 8;
            int place = (Group.IdxX / 8);
            bool inside = place < rows;
            int row = inside ? place : 0;
            int local = row;
            float sum_15All = 0f;
            for (int column = lane; column < 8; column += 8)
            {
                float gates_0 = values[Gates_4 + (local * 32) + 16 + column];
                float add_2 = gates_0 + 1f;
                float sigmoid_3 = DeviceMath.Sigmoid(add_2);
                float cellC_4 = values[CellC_2 + (local * 8) + column];
                float multiply_5 = sigmoid_3 * cellC_4;
                float gates_6 = values[Gates_4 + (local * 32) + column];
                float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
                float gates_8 = values[Gates_4 + (local * 32) + 8 + column];
                float tanh_9 = DeviceMath.Tanh(gates_8);
                float multiply_10 = sigmoid_7 * tanh_9;
                float add_11 = multiply_5 + multiply_10;
                if (inside)
                {
                    values[C_2 + (local * 8) + column] = add_11;
                }
                sum_15All += add_11;
            }
            float sum_15 = GroupReduction.Sum(shared, sum_15All, 8);
            float multiply_17 = sum_15 * 0.125f;
            float sum_20All = 0f;
            for (int column = lane; column < 8; column += 8)
            {
                float gates_0 = values[Gates_4 + (local * 32) + 16 + column];
                float add_2 = gates_0 + 1f;
                float sigmoid_3 = DeviceMath.Sigmoid(add_2);
                float cellC_4 = values[CellC_2 + (local * 8) + column];
                float multiply_5 = sigmoid_3 * cellC_4;
                float gates_6 = values[Gates_4 + (local * 32) + column];
                float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
                float gates_8 = values[Gates_4 + (local * 32) + 8 + column];
                float tanh_9 = DeviceMath.Tanh(gates_8);
                float multiply_10 = sigmoid_7 * tanh_9;
                float add_11 = multiply_5 + multiply_10;
                float subtract_18 = add_11 - multiply_17;
                float multiply_19 = subtract_18 * subtract_18;
                sum_20All += multiply_19;
            }
            float sum_20 = GroupReduction.Sum(shared, sum_20All, 8);
            float multiply_21 = sum_20 * 0.125f;
            float add_23 = multiply_21 + 0.001f;
            float sqrt_24 = MathF.Sqrt(add_23);
            float divide_25 = 1f / sqrt_24;
            for (int column = lane; column < 8; column += 8)
            {
                float gates_0 = values[Gates_4 + (local * 32) + 16 + column];
                float add_2 = gates_0 + 1f;
                float sigmoid_3 = DeviceMath.Sigmoid(add_2);
                float cellC_4 = values[CellC_2 + (local * 8) + column];
                float multiply_5 = sigmoid_3 * cellC_4;
                float gates_6 = values[Gates_4 + (local * 32) + column];
                float sigmoid_7 = DeviceMath.Sigmoid(gates_6);
                float gates_8 = values[Gates_4 + (local * 32) + 8 + column];
                float tanh_9 = DeviceMath.Tanh(gates_8);
                float multiply_10 = sigmoid_7 * tanh_9;
                float add_11 = multiply_5 + multiply_10;
                float gates_13 = values[Gates_4 + (local * 32) + 24 + column];
                float sigmoid_14 = DeviceMath.Sigmoid(gates_13);
                float subtract_18 = add_11 - multiply_17;
                float multiply_26 = subtract_18 * divide_25;
                float cellCellNormGain_27 = args.Parameters[CellCellNormGain + column];
                float multiply_28 = multiply_26 * cellCellNormGain_27;
                float cellCellNormShift_29 = args.Parameters[CellCellNormShift + column];
                float add_30 = multiply_28 + cellCellNormShift_29;
                float tanh_31 = DeviceMath.Tanh(add_30);
                float multiply_32 = sigmoid_14 * tanh_31;
                if (inside)
                {
                    args.Sequence[(H * all) + ((present + local) * 8) + column] = multiply_32;
                }
            }
        }

        // cell.hyper.h = h
        {
            for (int index = Group.IdxX; index < rows * 4; index += 256)
            {
                int column = index % 4;
                int local = index / 4;
                float h_0 = values[H_2 + (local * 4) + column];
                values[CellHyperH_2 + (local * 4) + column] = h_0;
            }
        }

        // cell.hyper.c = c
        {
            for (int index = Group.IdxX; index < rows * 4; index += 256)
            {
                int column = index % 4;
                int local = index / 4;
                float c_0 = values[C + (local * 4) + column];
                values[CellHyperC_2 + (local * 4) + column] = c_0;
            }
        }
        Group.Barrier();

        // cell.h = h
        {
            for (int index = Group.IdxX; index < rows * 8; index += 256)
            {
                int column = index % 8;
                int local = index / 8;
                float h_0 = args.Sequence[(H * all) + ((present + local) * 8) + column];
                values[CellH_2 + (local * 8) + column] = h_0;
            }
        }

        // cell.c = c
        {
            for (int index = Group.IdxX; index < rows * 8; index += 256)
            {
                int column = index % 8;
                int local = index / 8;
                float c_0 = values[C_2 + (local * 8) + column];
                values[CellC_2 + (local * 8) + column] = c_0;
            }
        }
    }
    Group.Barrier();

    // cellHyperH
    {
        for (int index = Group.IdxX; index < rows * 4; index += 256)
        {
            int column = index % 4;
            int local = index / 4;
            float cellHyperH_0 = values[CellHyperH_2 + (local * 4) + column];
            args.Scratch[((first + local) * 4) + column] = cellHyperH_0;
        }
    }

    // cellH
    {
        for (int index = Group.IdxX; index < rows * 8; index += 256)
        {
            int column = index % 8;
            int local = index / 8;
            float cellH_0 = values[CellH_2 + (local * 8) + column];
            args.Scratch[(CellH * args.Examples) + ((first + local) * 8) + column] = cellH_0;
        }
    }

    // cellHyperC
    {
        for (int index = Group.IdxX; index < rows * 4; index += 256)
        {
            int column = index % 4;
            int local = index / 4;
            float cellHyperC_0 = values[CellHyperC_2 + (local * 4) + column];
            args.Scratch[(CellHyperC * args.Examples) + ((first + local) * 4) + column] = cellHyperC_0;
        }
    }

    // cellC
    {
        for (int index = Group.IdxX; index < rows * 8; index += 256)
        {
            int column = index % 8;
            int local = index / 8;
            float cellC_0 = values[CellC_2 + (local * 8) + column];
            args.Scratch[(CellC * args.Examples) + ((first + local) * 8) + column] = cellC_0;
        }
    }
}
